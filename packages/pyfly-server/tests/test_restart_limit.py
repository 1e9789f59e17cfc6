# SPDX-License-Identifier: Apache-2.0
import pytest

from pyfly.server.supervisor.restart_limit import RESTART_WINDOW, RESTARTS, RestartLimit


def test_first_death_is_made_good_at_once_and_later_ones_wait_longer_each():
    limit = RestartLimit()

    delays = [limit.delay(now=100.0 + number) for number in range(RESTARTS)]

    assert delays == pytest.approx([0.0, 0.1, 0.2, 0.4, 0.8])


def test_too_many_deaths_within_a_minute_are_the_end():
    limit = RestartLimit()
    for number in range(RESTARTS):
        limit.delay(now=float(number))

    assert limit.delay(now=RESTART_WINDOW - 1) is None


def test_deaths_of_long_ago_are_forgotten():
    limit = RestartLimit()
    for number in range(RESTARTS):
        limit.delay(now=float(number))

    assert limit.delay(now=RESTART_WINDOW + RESTARTS) == 0.0
