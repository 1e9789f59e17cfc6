# SPDX-License-Identifier: Apache-2.0
from types import SimpleNamespace

from pyfly.server.adapters.granian.respawn import RespawnPolicy


def dead_worker(code):
    return SimpleNamespace(inner=SimpleNamespace(exitcode=code), is_alive=lambda: False)


def policy(code, *, enabled=True):
    created = RespawnPolicy(enabled=enabled)
    created.workers = [dead_worker(code)]
    return created


def test_a_worker_that_crashes_is_replaced():
    assert policy(-9)


def test_nothing_is_replaced_when_it_is_switched_off():
    assert not policy(-9, enabled=False)


def test_a_worker_that_could_not_start_is_not_replaced():
    assert not policy(1)


def test_five_replacements_within_a_minute_are_the_limit():
    crashing = policy(-11)

    assert [bool(crashing) for _ in range(6)] == [True] * 5 + [False]
