# SPDX-License-Identifier: Apache-2.0
"""The port of filters around request handling."""

from collections.abc import Callable, Coroutine
from typing import Any, Protocol, TypeAlias, runtime_checkable

CallNext: TypeAlias = Callable[..., Coroutine[Any, Any, Any]]
"""The rest of the chain: takes the request and returns the response, whose head is not sent yet."""


@runtime_checkable
class WebFilter(Protocol):
    """Stand between the client and the handlers; every bean with these two methods takes part.

    Filters run in ascending ``@order``, the first one outermost. Requests and responses are those of the web
    adapter. A filter runs in the task of its request, so context variables that it sets reach the handler.
    """

    async def do_filter(self, request: Any, call_next: CallNext) -> Any:
        """Handle a request.

        Args:
            request: The request of the web adapter.
            call_next: The rest of the chain. An error in it is a response here, and a streamed response has
                sent nothing yet: its headers can still be changed.

        Returns:
            The response: that of ``call_next``, changed or not, or another one.
        """
        ...

    def should_not_filter(self, request: Any) -> bool:
        """Tell whether this filter leaves a request alone; the others still run."""
        ...
