# SPDX-License-Identifier: Apache-2.0
"""What code outside of controllers finds on the application object."""

from typing import Any, Protocol

from pyfly.config.properties.web import WebProperties
from pyfly.context.application_context import ApplicationContext
from pyfly.web.message_converters.assembly import registry_of, serializer_of


class HasState(Protocol):
    """An application object with a place for attributes, such as Starlette's."""

    @property
    def state(self) -> Any:
        """Takes any attribute."""
        ...


def install_serialization_state(app: HasState, context: ApplicationContext | None) -> None:
    """Put the serializer, the converters and the form of errors on ``app.state``.

    The names are ``pyfly_json_serializer``, ``pyfly_message_converters`` and ``pyfly_problem_details``.

    Args:
        app: The application object.
        context: Where settings and beans come from; defaults if not given. No bean is created.
    """
    properties = WebProperties() if context is None else context.config.bind(WebProperties)
    app.state.pyfly_json_serializer = serializer_of(context)
    app.state.pyfly_message_converters = registry_of(context, app.state.pyfly_json_serializer)
    app.state.pyfly_problem_details = properties.problem_details.enabled
