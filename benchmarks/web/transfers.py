# SPDX-License-Identifier: Apache-2.0
"""Large bodies: uploads and a streamed answer, their throughput and the memory they take."""

import asyncio
import json
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.figures import figure_table
from benchmarks.job_figures import JobFigures, measure_job
from benchmarks.machine import two_cpus
from benchmarks.report import Report, Table
from benchmarks.rounds import interleave
from benchmarks.statements import Sampler, Statement
from benchmarks.verdict import within
from benchmarks.web.apps import pyfly_app, starlette_app
from benchmarks.web.asgi import App, Receive
from benchmarks.web.client import Answered, Request, Upload, ask, discard, served
from benchmarks.web.jobs import WrongOutcomeError
from benchmarks.web.load import load_sampler
from benchmarks.web.models import CHUNK, DOWNLOAD, MEBIBYTE
from benchmarks.web.names import PYFLY, STARLETTE
from benchmarks.web.requests import MICROSECOND
from benchmarks.web.servers import APPLICATIONS, on_granian, servers
from benchmarks.web.standing import add_line, stand_by_rate
from benchmarks.web.wrk import Load, Wrk

SAMPLE_SECONDS = 0.02
LEAST_RATE = 0.9
CONNECTIONS = 4
SECONDS = 1
_CONTENT = CHUNK * (MEBIBYTE // len(CHUNK))
_BOUNDARY = "b3f0f2c1"
_FORM = (
    f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="file.bin"\r\n'
    "Content-Type: application/octet-stream\r\n\r\n"
).encode()
_BINARY = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Transfer:
    """A large body.

    Args:
        title: What is done with it.
        request: The request.
        size: Bytes of it.
        most_memory: Largest peak of memory that we want in the process, in bytes.
    """

    title: str
    request: Request
    size: int
    most_memory: int

    def check(self, name: str, answered: Answered) -> None:
        """Look whether all of it has arrived.

        Raises:
            WrongOutcomeError: It has not.
        """
        arrived = len(answered.body)
        if self.request.method == "POST" and answered.status == 200:
            arrived = json.loads(answered.body)["size"]

        if answered.status != 200 or arrived != self.size:
            raise WrongOutcomeError(f"{name}, {self.title}: {answered.status}, {arrived} bytes")

    def shown(self, nanoseconds: float) -> str:
        return f"{self.size / MEBIBYTE / nanoseconds * 1e9:.0f} MiB/s"


TRANSFERS = (
    Transfer(
        "1 MiB body, taken as bytes",
        Request("POST", "/uploads/whole", body=_CONTENT, content_type=_BINARY),
        MEBIBYTE,
        # The body once in chunks and once in one piece.
        2 * MEBIBYTE + 256 * 1024,
    ),
    Transfer(
        "1 MiB body, taken chunk by chunk",
        Request("POST", "/uploads/stream", body=_CONTENT, content_type=_BINARY),
        MEBIBYTE,
        256 * 1024,
    ),
    Transfer(
        "1 MiB file in a multipart form, read by the handler",
        Request(
            "POST",
            "/uploads/file",
            body=_FORM + _CONTENT + f"\r\n--{_BOUNDARY}--\r\n".encode(),
            content_type=f"multipart/form-data; boundary={_BOUNDARY}",
        ),
        MEBIBYTE,
        # The file in the parser, which grows in steps, and once more in the handler.
        3 * MEBIBYTE,
    ),
    Transfer("10 MiB answer, given chunk by chunk", Request("GET", "/download"), DOWNLOAD, 256 * 1024),
)


def applications() -> dict[str, App]:
    """Return the services that take part, not started."""
    return {PYFLY: pyfly_app.build(pyfly_app.WITHOUT_ACCESS_LOG), STARLETTE: starlette_app.app}


def measure_transfers(report: Report, *, repeats: int, seed: int) -> None:
    """Measure throughput and memory inside the process."""
    apps = applications()
    memory = Table("Peak memory of one large body, KiB", ("body", "most we want", *apps))
    with served(apps.values()) as runner:
        for transfer in TRANSFERS:
            for name, app in apps.items():
                transfer.check(name, runner.run(ask(app, transfer.request)))

            figures = measure_job(
                report,
                transfer.title,
                {name: _sampler(app, transfer.request, runner) for name, app in apps.items()},
                control=STARLETTE,
                repeats=repeats,
                seed=seed,
                unit="µs",
                per_unit=MICROSECOND,
            )
            stand_by_rate(
                report,
                transfer.title,
                figures,
                ours=PYFLY,
                beside=STARLETTE,
                least=LEAST_RATE,
                shown=transfer.shown,
            )
            peaks = {name: _peak_memory(app, transfer.request, runner) for name, app in apps.items()}
            memory.rows.append(
                (
                    transfer.title,
                    f"{transfer.most_memory / 1024:.0f}",
                    *(f"{peak / 1024:.0f}" for peak in peaks.values()),
                )
            )
            add_line(
                report,
                f"{transfer.title}, peak memory: {PYFLY}",
                f"{peaks[PYFLY] / 1024:.0f} KiB",
                STARLETTE,
                f"{peaks[PYFLY] / peaks[STARLETTE]:.2f} x",
                f"<= {transfer.most_memory / 1024:.0f} KiB",
                within(peaks[PYFLY], transfer.most_memory),
                "-",
            )

    report.tables.append(memory)


def measure_served_transfers(report: Report, *, repeats: int, seed: int) -> None:
    """Measure throughput through Granian, and the memory of the worker."""
    server_cpu, client_cpu = two_cpus() or (None, None)
    with servers(
        {name: on_granian(APPLICATIONS[name]) for name in (PYFLY, STARLETTE)}, server_cpu
    ) as running:
        for transfer in TRANSFERS:
            for name, server in running.items():
                transfer.check(name, server.ask(transfer.request))
                server.forget_peak()

            wrk = Wrk(transfer.request, CONNECTIONS, SECONDS, client_cpu)
            loads: dict[str, list[Load]] = {name: [] for name in running}
            samples = interleave(
                {name: load_sampler(wrk, server, loads[name]) for name, server in running.items()},
                repeats=repeats,
                seed=seed,
            )
            peaks = {name: server.peak_mebibytes() for name, server in running.items()}
            title = f"Through Granian, {CONNECTIONS} connections: {transfer.title}"
            report.tables.append(
                figure_table(
                    title,
                    samples,
                    control=STARLETTE,
                    unit="µs each",
                    per_unit=MICROSECOND,
                    more={
                        "peak MiB of the worker": {
                            name: "" if peak is None else f"{peak:.1f}" for name, peak in peaks.items()
                        }
                    },
                )
            )
            stand_by_rate(
                report,
                title,
                JobFigures.of(samples, STARLETTE),
                ours=PYFLY,
                beside=STARLETTE,
                least=LEAST_RATE,
                shown=transfer.shown,
            )


def _uploads(request: Request) -> Callable[[], Receive]:
    body = memoryview(request.body)
    starts = range(0, len(body), len(CHUNK))
    # A server has a new object for each chunk.
    return lambda: Upload(bytes(body[start : start + len(CHUNK)]) for start in starts)


def _sampler(app: App, request: Request, runner: asyncio.Runner) -> Sampler:
    names = {"app": app, "scope": request.scopes(), "upload": _uploads(request), "send": discard}
    statement = Statement("await app(scope(), upload(), send)", names, awaits=True)
    return Sampler(statement, sample_seconds=SAMPLE_SECONDS, runner=runner)


def _peak_memory(app: App, request: Request, runner: asyncio.Runner) -> int:
    scope, upload = request.scopes(), _uploads(request)

    async def once() -> int:
        tracemalloc.start()
        try:
            before = tracemalloc.get_traced_memory()[0]
            await app(scope(), upload(), discard)
            return tracemalloc.get_traced_memory()[1] - before
        finally:
            tracemalloc.stop()

    return runner.run(once())
