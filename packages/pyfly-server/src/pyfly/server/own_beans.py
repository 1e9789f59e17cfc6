# SPDX-License-Identifier: Apache-2.0
"""The server and the event loop that an application declares itself, as beans."""

import asyncio
from collections.abc import Callable
from typing import Any

from pyfly.context.application_context import ApplicationContext
from pyfly.server.asgi import Application
from pyfly.server.ports.event_loop import EventLoopPort
from pyfly.server.ports.outbound import ApplicationServerPort

__all__ = ["own_event_loop", "own_server"]

LoopFactory = Callable[[], asyncio.AbstractEventLoop]


def own_server(application: Application) -> Any | None:
    """Return the server that a PyFly application declares; None if it leaves that to us.

    The beans of the application are decided for it, and only this one is made.

    Args:
        application: The ASGI application; its state tells the context.

    Raises:
        BeanCreationException: Something is wrong with the beans of the application.
    """
    return _own(application, ApplicationServerPort)


def own_event_loop(application: Application) -> LoopFactory | None:
    """Return what makes the event loop that a PyFly application declares; None if it leaves that to us.

    A bean that only has ``configure`` or ``install`` sets the event loop policy, on a Python that has them.

    Args:
        application: The ASGI application; its state tells the context.

    Raises:
        BeanCreationException: Something is wrong with the beans of the application.
    """
    bean = _own(application, EventLoopPort)
    if bean is None:
        return None

    if hasattr(bean, "loop_factory"):
        factory: LoopFactory = bean.loop_factory()
        return factory

    (bean.configure if hasattr(bean, "configure") else bean.install)()
    return asyncio.new_event_loop


def _own(application: Application, port: type) -> Any | None:
    context = getattr(getattr(application, "state", None), "pyfly_context", None)
    if not isinstance(context, ApplicationContext) or not _declares(context, port):
        return None

    context.prepare()
    return context.get_bean(port)


def _declares(context: ApplicationContext, port: type) -> bool:
    for definition in context.container.registrations():
        if definition.method is None and port in definition.impl_type.__mro__:
            return True

        for member in vars(definition.impl_type).values():
            if getattr(member, "__pyfly_bean__", False) and _returns(member, port):
                return True

    return False


def _returns(method: Any, port: type) -> bool:
    hint = getattr(method, "__annotations__", {}).get("return")
    return hint is port or (isinstance(hint, str) and hint.rpartition(".")[2] == port.__name__)
