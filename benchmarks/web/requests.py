# SPDX-License-Identifier: Apache-2.0
"""Requests inside the process: every contender answers the same ones, in turn."""

import asyncio
from collections.abc import Sequence

from benchmarks.contender import Role
from benchmarks.job_figures import measure_job
from benchmarks.report import Report
from benchmarks.statements import Sampler, Statement
from benchmarks.verdict import within
from benchmarks.web.apps import pyfly_app
from benchmarks.web.asgi import App
from benchmarks.web.client import Request, ask, discard, served
from benchmarks.web.contenders import Contender
from benchmarks.web.jobs import GET, JOBS, Job, check_outcome
from benchmarks.web.names import PYFLY, STARLETTE
from benchmarks.web.standing import add_line, microseconds, stand

SAMPLE_SECONDS = 0.008
MICROSECOND = 1e3
FILTERS = 10
MOST_PER_FILTER = 0.1


def request_sampler(app: App, request: Request, runner: asyncio.Runner) -> Sampler:
    """Return what times one request, answered by an application that is started."""
    names = {"app": app, "scope": request.scopes(), "receive": request.whole_body(), "send": discard}
    statement = Statement("await app(scope(), receive, send)", names, awaits=True)
    return Sampler(statement, sample_seconds=SAMPLE_SECONDS, runner=runner)


def check(contender: Contender, job: Job, runner: asyncio.Runner) -> None:
    """Ask a contender once and look at its answer; floors answer nothing.

    Raises:
        WrongOutcomeError: It is not what the job asks for.
    """
    if contender.role is not Role.FLOOR:
        answered = runner.run(ask(contender.app, job.request))
        check_outcome(contender.name, job, answered, contender.promised)


def measure_requests(report: Report, contenders: Sequence[Contender], *, repeats: int, seed: int) -> None:
    """Measure every job of every contender."""
    with served(it.app for it in contenders if it.role is not Role.FLOOR) as runner:
        for job in JOBS:
            taking_part = [it for it in contenders if job.key in it.jobs]
            for it in taking_part:
                check(it, job, runner)

            figures = measure_job(
                report,
                job.title,
                {it.name: request_sampler(it.app, job.request, runner) for it in taking_part},
                control=STARLETTE,
                repeats=repeats,
                seed=seed,
                unit="µs",
                per_unit=MICROSECOND,
            )
            stand(report, job.title, figures, job.goals, microseconds)


def measure_user_filters(report: Report, contenders: Sequence[Contender], *, repeats: int, seed: int) -> None:
    """Measure what each further filter of a user costs that does nothing."""
    starlette = next(it.app for it in contenders if it.name == STARLETTE)
    title = "The same GET with filters of the user that do nothing"
    few, many = f"{PYFLY}, 1 filter", f"{PYFLY}, {1 + FILTERS} filters"
    apps: dict[str, App] = {
        f"{PYFLY}, none": pyfly_app.build(pyfly_app.WITHOUT_ACCESS_LOG),
        few: pyfly_app.build(pyfly_app.WITHOUT_ACCESS_LOG, user_filters=1),
        many: pyfly_app.build(pyfly_app.WITHOUT_ACCESS_LOG, user_filters=1 + FILTERS),
        STARLETTE: starlette,
    }
    with served(apps.values()) as runner:
        for name, app in apps.items():
            check_outcome(name, GET, runner.run(ask(app, GET.request)))

        figures = measure_job(
            report,
            title,
            {name: request_sampler(app, GET.request, runner) for name, app in apps.items()},
            control=STARLETTE,
            repeats=repeats,
            seed=seed,
            unit="µs",
            per_unit=MICROSECOND,
        )

    each = (figures.least(many) - figures.least(few)) / FILTERS
    ratio = each / figures.least(STARLETTE)
    add_line(
        report,
        f"{title}: each further one",
        microseconds(each),
        STARLETTE,
        f"{ratio:.3f} x",
        f"<= {MOST_PER_FILTER} x",
        within(ratio, MOST_PER_FILTER),
        f"{figures.spreads[STARLETTE].noise:.1%}",
    )
