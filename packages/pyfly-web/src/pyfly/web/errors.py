# SPDX-License-Identifier: Apache-2.0
"""Errors of the web layer: mistakes in controllers, and answers that a client cannot take."""

from collections.abc import Sequence
from typing import Final

from pyfly.kernel.exceptions import BusinessException, PyFlyException
from pyfly.kernel.types import ErrorCategory

_SHOWN_LENGTH: Final = 100


class RouteDefinitionError(PyFlyException):
    """Report a controller that cannot be served.

    Attributes:
        controller: Name of the controller class.
        method: Name of its method, or ``None`` if the class itself is at fault.
        parameter: Name of the parameter, or ``None`` if none is at fault.
        description: What is wrong, and where.
        action: What to do about it.
    """

    def __init__(
        self,
        problem: str,
        action: str,
        *,
        controller: str,
        method: str | None = None,
        parameter: str | None = None,
    ) -> None:
        self.controller = controller
        self.method = method
        self.parameter = parameter
        where = controller if method is None else f"{controller}.{method}({parameter or ''})"
        self.description = f"{where}: {problem}"
        self.action = action
        super().__init__(f"{self.description} {action}", code="ROUTE_DEFINITION")


class NotAcceptableException(BusinessException):
    """Report that nothing which can be produced is acceptable to the client.

    Attributes:
        accept: What the client accepts.
        producible: The media types that can be produced, in the order of preference.
    """

    http_status = 406
    category = ErrorCategory.VALIDATION

    def __init__(self, accept: str, producible: Sequence[str]) -> None:
        self.accept = accept
        self.producible = tuple(producible)
        super().__init__(
            f"Cannot answer in '{accept[:_SHOWN_LENGTH]}'; accept one of: {', '.join(producible)}",
            code="NOT_ACCEPTABLE",
            context={"producible": list(producible)},
        )
