# SPDX-License-Identifier: Apache-2.0
"""Every contender, each in the fastest way that its documentation shows for a job."""

from collections.abc import Mapping
from typing import Any

import dishka
import wireup
from dependency_injector import containers, providers

from benchmarks.contender import Contender, Role
from benchmarks.di import services as s
from benchmarks.di.handwritten import Factory, Instances, Request
from benchmarks.statements import Statement
from pyfly.container.container import Container
from pyfly.container.types import Scope
from pyfly.context.request_context import RequestContext

_ROOTS = {"singleton": s.Service, "plain": s.Plain, "three": s.Three, "ten": s.Ten, "chain": s.Link1}
_FLOOR_JOBS = (*_ROOTS, "request", "async request")


def all_contenders() -> list[Contender]:
    """Return every contender, wired and ready."""
    return [ours(), hand_written(), hand_accessor(), with_dishka(), with_wireup(), with_injector(), *floors()]


def ours() -> Contender:
    container = Container()
    for classes, scope in (
        (s.SINGLETONS, Scope.SINGLETON),
        (s.TRANSIENTS, Scope.TRANSIENT),
        (s.OF_REQUEST, Scope.REQUEST),
    ):
        for cls in classes:
            container.register(cls, scope=scope)

    names = {"container": container, "RequestContext": RequestContext, "PlaceOrder": s.PlaceOrder}
    block = "with RequestContext.scope():\n    result = container.resolve(PlaceOrder)"
    return Contender(
        "pyfly",
        Role.OURS,
        {
            **_keyed("container.resolve", {"container": container}),
            "request": Statement(block, names),
            "async request": Statement(f"async {block}", names, awaits=True),
        },
        "container.resolve(cls); the same call for every scope; safe from any thread",
    )


def hand_written() -> Contender:
    factory = {"factory": Factory()}
    block = "with Request() as request:\n    result = request.place_order()"
    return Contender(
        "hand-written",
        Role.CONTROL,
        {
            "singleton": Statement(
                "result = instances.get(Service)", {"instances": Instances(), "Service": s.Service}
            ),
            "plain": Statement("result = factory.plain()", factory),
            "three": Statement("result = factory.three()", factory),
            "ten": Statement("result = factory.ten()", factory),
            "chain": Statement("result = factory.link1()", factory),
            "request": Statement(block, {"Request": Request}),
            "async request": Statement(f"async {block}", {"Request": Request}, awaits=True),
        },
        "the control: a dict of instances behind get(cls); else one factory method per class; for a request, "
        "a context manager with one method per service that makes it when it is first needed",
    )


def hand_accessor() -> Contender:
    factory = {"factory": Factory()}
    return Contender(
        "hand-written, unkeyed",
        Role.EXTRA,
        {
            "singleton": Statement("result = factory.service()", factory),
            "chain": Statement("result = factory.chain()", factory),
            "request": Statement("result = factory.place_order()", factory),
        },
        "shown only: an accessor method with a None check; the whole chain or request as one expression, "
        "without a scope",
    )


def with_dishka() -> Contender:
    provider = dishka.Provider()
    provider.provide_all(*s.SINGLETONS, scope=dishka.Scope.APP)
    provider.provide_all(*s.TRANSIENTS, scope=dishka.Scope.APP, cache=False)
    provider.provide_all(*s.OF_REQUEST, scope=dishka.Scope.REQUEST)
    container = dishka.make_container(provider, lock_factory=None)
    later = dishka.make_async_container(provider, lock_factory=None)
    return Contender(
        "dishka",
        Role.PEER,
        {
            **_keyed("container.get", {"container": container}),
            "request": Statement(
                "with container() as request:\n    result = request.get(PlaceOrder)",
                {"container": container, "PlaceOrder": s.PlaceOrder},
            ),
            "async request": Statement(
                "async with container() as request:\n    result = await request.get(PlaceOrder)",
                {"container": later, "PlaceOrder": s.PlaceOrder},
                awaits=True,
            ),
        },
        "container.get(cls) of a container without locks (lock_factory=None), which is faster than its "
        "default and for one thread only; transients: cache=False",
    )


def with_wireup() -> Contender:
    for mark, classes in (
        (wireup.injectable(lifetime="singleton"), s.SINGLETONS),
        (wireup.injectable(lifetime="transient"), s.TRANSIENTS),
        (wireup.injectable(lifetime="scoped"), s.OF_REQUEST),
    ):
        for cls in classes:
            mark(cls)

    injectables = [*s.SINGLETONS, *s.TRANSIENTS, *s.OF_REQUEST]
    container = wireup.create_sync_container(injectables=injectables)
    later = wireup.create_async_container(injectables=injectables)
    return Contender(
        "wireup",
        Role.PEER,
        {
            **_keyed("scope.get", {"scope": container.enter_scope()}),
            **_keyed("container.get", {"container": container}, only="singleton"),
            "request": Statement(
                "with container.enter_scope() as scope:\n    result = scope.get(PlaceOrder)",
                {"container": container, "PlaceOrder": s.PlaceOrder},
            ),
            "async request": Statement(
                "async with container.enter_scope() as scope:\n    result = await scope.get(PlaceOrder)",
                {"container": later, "PlaceOrder": s.PlaceOrder},
                awaits=True,
            ),
        },
        "get(cls) of the synchronous container; it makes transients in an entered scope only, so the scope "
        "is entered once, outside of the timing",
    )


class _InjectorContainer(containers.DeclarativeContainer):
    singleton = providers.Singleton(s.Service)
    plain = providers.Factory(s.Plain)
    singletons = tuple(providers.Singleton(cls) for cls in s.DEPENDENCIES)
    three = providers.Factory(s.Three, *singletons[:3])
    ten = providers.Factory(s.Ten, *singletons)
    link5 = providers.Factory(s.Link5)
    link4 = providers.Factory(s.Link4, link5)
    link3 = providers.Factory(s.Link3, link4)
    link2 = providers.Factory(s.Link2, link3)
    chain = providers.Factory(s.Link1, link2)
    session = providers.ContextLocalSingleton(s.Session)
    work = providers.ContextLocalSingleton(s.UnitOfWork, session)
    customers = providers.ContextLocalSingleton(s.Customers, session)
    orders = providers.ContextLocalSingleton(s.Orders, session, work)
    pricing = providers.ContextLocalSingleton(s.Pricing, customers)
    audit = providers.ContextLocalSingleton(s.Audit, work)
    request = providers.ContextLocalSingleton(s.PlaceOrder, orders, customers, pricing, audit, work)


def with_injector() -> Contender:
    container = _InjectorContainer()
    jobs = {name: Statement(f"result = {name}()", {name: getattr(container, name)}) for name in _ROOTS}
    return Contender(
        "dependency-injector",
        Role.PEER,
        {
            **jobs,
            "request": Statement("result = request()\nrequest.full_reset()", {"request": container.request}),
        },
        "the call of a provider object that the caller holds, without the look-up in a container; Singleton, "
        "which is not thread-safe; it has no scope of requests: context-local singletons, reset at the end",
    )


class _Nothing:
    def get(self, cls: type) -> None:
        return None


def floors() -> list[Contender]:
    """Return the floor controls: the loop alone, and the call of a method that does nothing."""
    nothing = {"nothing": _Nothing(), "Service": s.Service}
    call = Statement("result = nothing.get(Service)", nothing)
    return [
        Contender("empty call", Role.FLOOR, dict.fromkeys(_FLOOR_JOBS, call)),
        Contender("empty loop", Role.FLOOR, dict.fromkeys(_FLOOR_JOBS, Statement("result = None", {}))),
    ]


def _keyed(call: str, names: Mapping[str, Any], *, only: str = "") -> dict[str, Statement]:
    return {
        job: Statement(f"result = {call}({root.__name__})", {**names, root.__name__: root})
        for job, root in _ROOTS.items()
        if only in {"", job}
    }
