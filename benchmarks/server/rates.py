# SPDX-License-Identifier: Apache-2.0
"""Requests per second of the bare application and of the example, on each server."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from benchmarks.machine import two_cpus
from benchmarks.report import Report
from benchmarks.server.launches import OURS, SERVERS, bare_launches, orders_launches
from benchmarks.web.client import Request
from benchmarks.web.load import CONNECTIONS, measure_rates
from benchmarks.web.servers import Launch, Server, servers
from benchmarks.web.wrk import Wrk

LEAST_RATE = 0.98
SECONDS = 1
ORDER = Request(
    "POST",
    "/orders",
    body=b'{"customer": "ada", "items": [{"sku": "book", "quantity": 2}]}',
    content_type="application/json",
)
STATISTICS = Request("GET", "/orders/statistics")
BARE = Request("GET", "/")


class WrongAnswerError(Exception):
    """A contender does not answer as it has to."""


def check_bare(name: str, server: Server) -> None:
    """Ask the application that does nothing.

    Raises:
        WrongAnswerError: It answers otherwise.
    """
    _check(name, server, BARE, 200, {})


def check_orders(name: str, server: Server) -> None:
    """Place the first order of a fresh example, and ask what has been ordered.

    Raises:
        WrongAnswerError: It answers otherwise.
    """
    placed = server.ask(ORDER)
    if placed.status != 201:
        raise WrongAnswerError(f"{name}: an order was answered with {placed.status}: {placed.body!r}")

    _check(name, server, STATISTICS, 200, {"orders": 1, "quantities": {"book": 2}})


def measure_bare(report: Report, *, repeats: int, seed: int) -> None:
    """Measure the application that does nothing."""
    for server in SERVERS:
        with _started(bare_launches(server)) as (running, client):
            for name, it in running.items():
                check_bare(name, it)

            title = f"{server}, {CONNECTIONS} connections: an application that does nothing"
            _compare(report, title, Wrk(BARE, CONNECTIONS, SECONDS, client), running, server, repeats, seed)


def measure_orders(report: Report, *, repeats: int, seed: int) -> None:
    """Measure a JSON endpoint of the example."""
    for server in SERVERS:
        with _started(orders_launches(server)) as (running, client):
            for name, it in running.items():
                check_orders(name, it)

            title = f"{server}, {CONNECTIONS} connections: statistics of the orders example"
            wrk = Wrk(STATISTICS, CONNECTIONS, SECONDS, client)
            _compare(report, title, wrk, running, server, repeats, seed)


@contextmanager
def _started(launches: Mapping[str, Launch]) -> Iterator[tuple[dict[str, Server], int | None]]:
    server_cpu, client_cpu = two_cpus() or (None, None)
    with servers(launches, server_cpu) as running:
        yield running, client_cpu


def _compare(
    report: Report,
    title: str,
    wrk: Wrk,
    running: Mapping[str, Server],
    server: str,
    repeats: int,
    seed: int,
) -> None:
    measure_rates(
        report, title, wrk, running, ours=OURS, beside=server, least=LEAST_RATE, repeats=repeats, seed=seed
    )


def _check(name: str, server: Server, request: Request, status: int, content: object) -> None:
    answered = server.ask(request)
    if answered.status != status or answered.json() != content:
        raise WrongAnswerError(
            f"{name}: {request.path} was answered with {answered.status}: {answered.body!r}"
        )
