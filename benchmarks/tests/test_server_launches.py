# SPDX-License-Identifier: Apache-2.0
import pytest

from benchmarks.server.launches import OURS, SERVERS, bare_launches, orders_launches
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
