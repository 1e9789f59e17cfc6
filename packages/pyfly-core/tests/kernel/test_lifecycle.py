# SPDX-License-Identifier: Apache-2.0
from pyfly.kernel import Lifecycle


class Broker:
    async def start(self) -> None:
        return None

    async def stop(self) -> None:
        return None


class Startable:
    async def start(self) -> None:
        return None


def test_anything_with_start_and_stop_has_a_life_cycle() -> None:
    assert isinstance(Broker(), Lifecycle)
    assert issubclass(Broker, Lifecycle)


def test_start_alone_is_not_a_life_cycle() -> None:
    assert not isinstance(Startable(), Lifecycle)
    assert not issubclass(Startable, Lifecycle)
