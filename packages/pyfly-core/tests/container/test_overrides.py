# SPDX-License-Identifier: Apache-2.0
from abc import ABC, abstractmethod
from typing import Annotated

import pytest

from pyfly.container import Container, Provider, Qualifier, Scope


class Port(ABC):
    @abstractmethod
    def send(self) -> str: ...


class Real(Port):
    def send(self) -> str:
        return "real"


class Fake(Port):
    def send(self) -> str:
        return "fake"


class Service:
    def __init__(self, port: Port, named: Annotated[Port, Qualifier("real")], many: list[Port]) -> None:
        self.sent = [port.send(), named.send(), *(it.send() for it in many)]


class Caller:
    def __init__(self, port: Provider[Port]) -> None:
        self.port = port


@pytest.fixture
def container() -> Container:
    container = Container()
    container.register(Real, name="real")
    container.register(Service)
    container.register(Caller)
    return container


def test_object_takes_the_place_everywhere_until_the_block_ends(container: Container) -> None:
    fake = Fake()

    with container.override({Port: fake}):
        assert container.resolve(Port) is fake
        assert container.resolve(Real) is fake  # type: ignore[comparison-overlap]
        assert container.resolve_by_name("real") is fake
        assert container.resolve(Service).sent == ["fake", "fake", "fake"]

    assert container.resolve(Port).send() == "real"
    assert container.resolve(Service).sent == ["real", "real", "real"]


def test_holders_that_exist_are_set_aside_and_come_back(container: Container) -> None:
    service = container.resolve(Service)

    with container.override({Port: Fake()}):
        assert container.resolve(Service).sent == ["fake", "fake", "fake"]

    assert container.resolve(Service) is service


def test_providers_that_were_injected_see_it(container: Container) -> None:
    caller = container.resolve(Caller)

    with container.override({Port: Fake()}):
        assert caller.port.get().send() == "fake"

    assert caller.port.get().send() == "real"


def test_class_is_made_by_the_container(container: Container) -> None:
    class Needy(Port):
        def __init__(self, caller: Caller) -> None:
            self.caller = caller

        def send(self) -> str:
            return "needy"

    with container.override({Port: Needy}):
        needy = container.resolve(Port)
        assert needy.send() == "needy"
        assert container.resolve(Port) is needy


def test_restores_after_an_error(container: Container) -> None:
    with pytest.raises(OSError, match="inside"), container.override({Port: Fake()}):
        raise OSError("inside")

    assert container.resolve(Port).send() == "real"


def test_type_that_nothing_provides(container: Container) -> None:
    class Missing: ...

    given = Missing()
    with container.override({Missing: given}):
        assert container.resolve(Missing) is given

    assert container.resolve(Missing | None) is None  # type: ignore[arg-type]


def test_blocks_nest_for_different_types(container: Container) -> None:
    class Other: ...

    container.register(Other)
    first, second = Fake(), Other()
    with container.override({Port: first}), container.override({Other: second}):
        assert container.resolve(Port) is first
        assert container.resolve(Other) is second


def test_transients_that_hold_it_are_made_with_it(container: Container) -> None:
    class Job:
        def __init__(self, port: Port) -> None:
            self.sent = port.send()

    container.register(Job, scope=Scope.TRANSIENT)
    assert container.resolve(Job).sent == "real"

    with container.override({Port: Fake()}):
        assert container.resolve(Job).sent == "fake"

    assert container.resolve(Job).sent == "real"
