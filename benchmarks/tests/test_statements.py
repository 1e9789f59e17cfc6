# SPDX-License-Identifier: Apache-2.0
import gc

import pytest

from benchmarks.statements import Sampler, Statement


def test_statement_runs_with_the_objects_it_names():
    seen: list[int] = []

    Sampler(Statement("seen.append(number)", {"seen": seen, "number": 7}), sample_seconds=0.0001)()

    assert set(seen) == {7}


def test_sample_is_the_time_of_one_turn():
    turn = Sampler(Statement("sum(numbers)", {"numbers": range(1000)}), sample_seconds=0.001)()

    assert 100 < turn < 1_000_000


def test_statement_of_several_lines_can_await():
    class Block:
        entered = 0

        async def __aenter__(self) -> None:
            self.entered += 1

        async def __aexit__(self, *exc_info: object) -> None: ...

    block = Block()

    Sampler(Statement("async with block:\n    x = 1", {"block": block}, awaits=True), sample_seconds=0.0001)()

    assert block.entered > 1


@pytest.mark.parametrize("enabled", [True, False])
def test_garbage_collector_is_off_during_samples_and_then_as_before(enabled: bool):
    seen: list[bool] = []
    sampler = Sampler(
        Statement("seen.append(enabled())", {"seen": seen, "enabled": gc.isenabled}), sample_seconds=0.0001
    )
    seen.clear()
    before = gc.isenabled()
    (gc.enable if enabled else gc.disable)()
    try:
        sampler()

        assert set(seen) == {False}
        assert gc.isenabled() is enabled
    finally:
        (gc.enable if before else gc.disable)()
