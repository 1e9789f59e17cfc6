# SPDX-License-Identifier: Apache-2.0
"""The routes of a context's controllers, compiled together."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, Protocol

from pyfly.config.properties.web_multipart import MultipartProperties
from pyfly.config.properties.web_stream import StreamProperties
from pyfly.config.store import Config
from pyfly.container.ordering import get_order
from pyfly.container.registry import Registration
from pyfly.context.application_context import ApplicationContext
from pyfly.web.adapters.starlette.answers import Answer
from pyfly.web.adapters.starlette.beans import BeanHandle
from pyfly.web.adapters.starlette.event_streams import EventStreamSettings
from pyfly.web.adapters.starlette.failures import ApplicationHandlers, Failures
from pyfly.web.adapters.starlette.plan import RoutePlan
from pyfly.web.adapters.starlette.requests import INJECTABLES
from pyfly.web.adapters.starlette.results import Results
from pyfly.web.adapters.starlette.routes import ForeignRoute
from pyfly.web.background import BackgroundWork
from pyfly.web.binding import Exchange
from pyfly.web.conversion import BodyConversion
from pyfly.web.converters import ExceptionConverterService, build_exception_converter_service
from pyfly.web.endpoints import endpoints_of
from pyfly.web.error_handlers import ErrorHandlerTable, error_handlers_of
from pyfly.web.errors import RouteDefinitionError
from pyfly.web.routing import PathError, PathTemplate, RouteConflictError, RouteTable
from starlette.convertors import Convertor, PathConvertor, StringConvertor
from starlette.responses import Response
from starlette.routing import compile_path

_CONTROLLERS: Final = ("controller", "rest_controller")
_METHODS: Final = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")


class AnswerFailures(Protocol):
    """What answers for errors outside of controllers."""

    async def answer(self, exc: Exception, exchange: Exchange) -> Answer | Response:
        """Answer for an error, or raise it."""
        ...


class Elsewhere:
    """A route that Starlette's own router serves.

    Attributes:
        name: Its name.
        path: Its path template.
        handler: What serves it in the end.
        app: What is called.
    """

    def __init__(self, route: ForeignRoute) -> None:
        self.name = route.name
        self.path = route.path
        self.handler = route.endpoint
        self.app = route.app
        self._matches = route.route.matches

    def show_in(self, exchange: Exchange) -> None:
        """Leave the path variables where Starlette's request has them."""
        exchange.scope.update(self._matches(exchange.scope)[1])


Target = RoutePlan | Elsewhere


class Wiring:
    """Everything that is compiled from one state of the context.

    Attributes:
        table: Finds what serves a request.
        plans: The compiled endpoints in their order of declaration.
        failures: Answers failed requests.
        conversion: How bodies are read and written.
        converters: Translate foreign exceptions.
        background: Does what responses leave to be done after them, if the context has such a bean.
    """

    def __init__(
        self,
        context: ApplicationContext | None,
        routes: Sequence[ForeignRoute],
        application_handlers: ApplicationHandlers,
        *,
        debug: bool = False,
        problem_details: bool = True,
        base_path: str = "",
        failures: AnswerFailures | None = None,
    ) -> None:
        registrations = [] if context is None else context.container.registrations()
        advice = {} if context is None else _advice_handles(context, registrations)
        levels = _advice_handlers(advice)
        self.conversion = BodyConversion.of(context)
        self.converters = _converters(context)
        answers = Failures(
            self.converters,
            advice,
            ErrorHandlerTable([levels]),
            application_handlers,
            self.conversion,
            debug=debug,
            problem_details=problem_details,
        )
        self.failures: AnswerFailures = failures or answers
        self.background = _background(context)
        config = Config({}) if context is None else context.config
        form_limits, streams = config.bind(MultipartProperties), config.bind(StreamProperties)
        event_streams = EventStreamSettings.of(context)
        self.table: RouteTable[Target] = RouteTable()
        self.plans: list[RoutePlan] = []
        if context is not None:
            for registration in _with_stereotype(registrations, _CONTROLLERS):
                handle = BeanHandle(context, registration)
                table = ErrorHandlerTable([error_handlers_of(handle.type, INJECTABLES), levels])
                for endpoint in endpoints_of(handle.type, base_path):
                    convertors = _convertors(endpoint.template)
                    results = Results.of(endpoint, self.conversion, event_streams, streams)
                    plan = RoutePlan(
                        endpoint, handle, table, answers, self.conversion, results, convertors, form_limits
                    )
                    self.plans.append(plan)
                    _add(self.table, endpoint.http_method, endpoint.template, plan)

        self._add_head()
        self._add_routes(routes)

    def _add_head(self) -> None:
        for plan in self.plans:
            template = plan.endpoint.template
            if plan.endpoint.http_method == "GET":
                self.table.add("HEAD", template, plan)

    def _add_routes(self, routes: Iterable[ForeignRoute]) -> None:
        for route in routes:
            try:
                template = PathTemplate.parse(route.path)
            except PathError:
                # Starlette has kinds of variables that ours lacks; its router still finds the route.
                continue

            for method in route.methods or _METHODS:
                _add(self.table, method, template, Elsewhere(route))


def _converters(context: ApplicationContext | None) -> ExceptionConverterService:
    services = [] if context is None else context.container.instances_of(ExceptionConverterService)
    return services[0] if services else build_exception_converter_service(context)


def _background(context: ApplicationContext | None) -> BackgroundWork | None:
    beans = [] if context is None else context.container.instances_of(BackgroundWork)
    return beans[0] if beans else None


def _with_stereotype(registrations: Iterable[Registration], stereotypes: Sequence[str]) -> list[Registration]:
    return [
        registration
        for registration in registrations
        if getattr(registration.impl_type, "__pyfly_stereotype__", None) in stereotypes
    ]


def _advice_handles(
    context: ApplicationContext, registrations: Iterable[Registration]
) -> dict[type, BeanHandle]:
    found = _with_stereotype(registrations, ("controller_advice",))
    found.sort(key=lambda registration: get_order(registration.impl_type))
    return {registration.impl_type: BeanHandle(context, registration) for registration in found}


def _advice_handlers(advice: Iterable[type]) -> list[Any]:
    return [handler for cls in advice for handler in error_handlers_of(cls, INJECTABLES)]


def _convertors(template: PathTemplate) -> dict[str, Callable[[str], Any]]:
    if ":" not in template.text:
        return {}

    convertors: dict[str, Convertor[Any]] = compile_path(template.text)[2]
    return {
        name: convertor.convert
        for name, convertor in convertors.items()
        if not isinstance(convertor, StringConvertor | PathConvertor)
    }


def _add(table: RouteTable[Target], method: str, template: PathTemplate, target: Target) -> None:
    try:
        table.add(method, template, target)
    except RouteConflictError as error:
        existing = error.existing
        if isinstance(target, Elsewhere) and isinstance(existing, Elsewhere):
            return

        first, second = _name(existing), _name(target)
        owner = target if isinstance(target, RoutePlan) else existing
        assert isinstance(owner, RoutePlan)
        raise RouteDefinitionError(
            f"{method} {template.text} is served by {first} and by {second}.",
            "Change the path or the HTTP method of one of them.",
            controller=owner.endpoint.controller.__name__,
            method=owner.endpoint.name,
        ) from error


def _name(target: object) -> str:
    if isinstance(target, Elsewhere):
        return f"the route {target.name!r}"

    assert isinstance(target, RoutePlan)
    return f"{target.endpoint.controller.__name__}.{target.endpoint.name}"
