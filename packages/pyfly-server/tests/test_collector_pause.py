# SPDX-License-Identifier: Apache-2.0
import gc
from collections.abc import Iterator

import pytest

from pyfly.server.collector_pause import CollectorPause


@pytest.fixture(autouse=True)
def collector_is_on() -> Iterator[None]:
    gc.enable()
    yield
    gc.enable()
    gc.unfreeze()


def test_collector_rests_until_the_start_is_over() -> None:
    pause = CollectorPause()

    pause.begin()
    assert not gc.isenabled()

    pause.end()
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0


def test_collector_that_is_off_stays_off() -> None:
    gc.disable()
    pause = CollectorPause()

    pause.begin()
    pause.end()

    assert not gc.isenabled()
    assert gc.get_freeze_count() == 0


def test_start_that_fails_switches_it_on_again() -> None:
    with pytest.raises(RuntimeError, match="broken"), CollectorPause():
        raise RuntimeError("broken")

    assert gc.isenabled()


def test_end_without_a_beginning_changes_nothing() -> None:
    CollectorPause().end()

    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
