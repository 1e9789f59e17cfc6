# SPDX-License-Identifier: Apache-2.0
"""The port of beans that have the last word on the document."""

from typing import Any, Protocol, runtime_checkable


@runtime_checkable
class OpenApiCustomizer(Protocol):
    """Change the OpenAPI document before it is served.

    All beans of this type are called, in their ``@order``, each time the document is built: at the first
    request for it, and again after routes have changed.
    """

    def customize(self, document: dict[str, Any]) -> None:
        """Change the document in place.

        Args:
            document: The whole document (OpenAPI 3.1). Its values must stay JSON-ready.
        """
        ...
