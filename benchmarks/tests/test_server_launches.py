# SPDX-License-Identifier: Apache-2.0
import pytest

from benchmarks.server.launches import OURS, SERVERS, bare_launches, orders_launches
from benchmarks.server.lives import Life
from benchmarks.server.memory import idle_connections
from benchmarks.server.rates import check_bare, check_orders
from benchmarks.web.servers import servers


@pytest.mark.parametrize("server", SERVERS)
def test_the_bare_application_answers_alike(server: str):
    with servers(bare_launches(server), None) as running:
        for name, it in running.items():
            check_bare(name, it)

    assert list(running) == [OURS, server]


@pytest.mark.parametrize("server", SERVERS)
def test_the_example_answers_alike(server: str):
    with servers(orders_launches(server), None) as running:
        for name, it in running.items():
            check_orders(name, it)

    assert list(running) == [OURS, server]


@pytest.mark.parametrize("server", SERVERS)
def test_a_life_is_a_start_and_a_stop(server: str):
    life = Life(bare_launches(server)[OURS])

    assert life() > 0
    assert len(life.stops) == 1
    assert life.exit_codes == {0}


@pytest.mark.parametrize("server", SERVERS)
def test_idle_connections_are_kept_and_the_memory_of_their_server_is_known(server: str):
    with servers(bare_launches(server), None) as running:
        for it in running.values():
            with idle_connections(it.port, 10):
                assert it.memory_kibibytes() > 0
