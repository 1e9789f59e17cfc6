# SPDX-License-Identifier: Apache-2.0
"""What the number of routes does to the cost of a request."""

from benchmarks.job_figures import measure_job
from benchmarks.report import Report
from benchmarks.web.apps import pyfly_app
from benchmarks.web.asgi import App
from benchmarks.web.client import Request, ask, served
from benchmarks.web.jobs import WrongOutcomeError
from benchmarks.web.requests import MICROSECOND, request_sampler
from benchmarks.web.resources import MANY, ROUTES_PER_RESOURCE, controller, path_of
from benchmarks.web.standing import Goal, microseconds, stand

FEW_ROUTES, MANY_ROUTES = f"{ROUTES_PER_RESOURCE} routes", f"{MANY} routes"
RESOURCES = {FEW_ROUTES: 1, MANY_ROUTES: MANY // ROUTES_PER_RESOURCE}
GOALS = (Goal(MANY_ROUTES, FEW_ROUTES, 1.2),)
REQUESTS = {
    "a literal path": ("/count", 200, {"sku": "all", "quantity": 7}),
    "a path with two variables": ("/7/parts/3", 200, {"sku": "3", "quantity": 7}),
    "a path that no route has": ("/7/nothing/here", 404, None),
}


def applications() -> dict[str, tuple[int, App]]:
    """Return applications with few and with many routes: the number of their resources, and the service."""
    return {name: (count, _with_resources(count)) for name, count in RESOURCES.items()}


async def check_route(name: str, app: App, resources: int, what: str) -> Request:
    """Ask an application for its last resource and look at the answer.

    Returns:
        What it was asked.

    Raises:
        WrongOutcomeError: It is not what belongs to the path.
    """
    path, status, expected = REQUESTS[what]
    request = Request("GET", path_of(resources - 1) + path)
    answered = await ask(app, request)
    if answered.status != status or (expected is not None and answered.json() != expected):
        raise WrongOutcomeError(f"{name}, {what}: {answered.status} {answered.body!r}")

    return request


def measure_routing(report: Report, *, repeats: int, seed: int) -> None:
    """Ask an application with few routes and one with many for the resource that was registered last."""
    apps = applications()
    with served(app for _, app in apps.values()) as runner:
        for what in REQUESTS:
            samplers = {
                name: request_sampler(app, runner.run(check_route(name, app, resources, what)), runner)
                for name, (resources, app) in apps.items()
            }
            title = f"Routing of {what}"
            figures = measure_job(
                report,
                title,
                samplers,
                control=FEW_ROUTES,
                repeats=repeats,
                seed=seed,
                unit="µs",
                per_unit=MICROSECOND,
            )
            stand(report, title, figures, GOALS, microseconds)


def _with_resources(count: int) -> App:
    controllers = [controller(number) for number in range(count)]
    return pyfly_app.build(pyfly_app.WITHOUT_ACCESS_LOG, controllers=controllers)
