# SPDX-License-Identifier: Apache-2.0
"""The port of beans that have the last word on the OpenAPI document."""

from typing import Any, Protocol


class OpenApiCustomizer(Protocol):
    """Change the OpenAPI document before it is served.

    All beans that are declared as such, by their base class or by the return type of their ``@bean`` method,
    are called in their ``@order`` each time the document is built: at the first request for it, and again
    after routes have changed. The document is built in a worker thread.
    """

    def customize(self, document: dict[str, Any]) -> None:
        """Change the document in place.

        Args:
            document: The whole document (OpenAPI 3.1). Its values must stay JSON-ready.
        """
        ...
