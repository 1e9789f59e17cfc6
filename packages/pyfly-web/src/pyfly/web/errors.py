# SPDX-License-Identifier: Apache-2.0
"""Mistakes in controllers, found when routes are compiled."""

from pyfly.kernel.exceptions import PyFlyException


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
