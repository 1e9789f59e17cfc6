# SPDX-License-Identifier: Apache-2.0
"""The context of one request: its id, its attributes, and its beans."""

from contextvars import Token
from typing import Any

from pyfly.container.request_storage import HTTP_SESSION_KEY, ReentrantLock, ScopeStorage, current_request

__all__ = ["HTTP_SESSION_KEY", "RequestContext"]


class RequestContext(ScopeStorage):
    """What belongs to one request; found from anywhere in the tasks and threads that handle it.

    Args:
        request_id: The id of the request; made up at its first use when omitted.

    Attributes:
        correlation_id: Id that the request shares with those that caused it or follow from it, if it has one.
        transaction_id: Id of the unit of work, if it has one.
        tenant_id: What the client calls its tenant, if it says so; not authenticated.
        traceparent: W3C trace context as received, if there is one.
        tracestate: Its vendor part as received.
    """

    # Defaults of the class, and no slots: few requests set all of these.
    correlation_id: str | None = None
    transaction_id: str | None = None
    tenant_id: str | None = None
    traceparent: str | None = None
    tracestate: str | None = None
    _security_context: Any = None

    def __init__(self, request_id: str | None = None) -> None:
        # Every request makes one: a call of the base would be a tenth of what its scope costs.
        self.beans = {}
        self.lock = ReentrantLock()
        self._attributes = None
        self._endings = None
        self._request_id = request_id
        self._token: Token[ScopeStorage | None]

    @classmethod
    def init(cls, request_id: str | None = None) -> "RequestContext":
        """Make a fresh context the current one and return it."""
        context = cls(request_id)
        current_request.set(context)
        return context

    @classmethod
    def current(cls) -> "RequestContext | None":
        """Return the current context, if there is one."""
        context = current_request.get()
        return context if isinstance(context, RequestContext) else None

    @classmethod
    def clear(cls) -> None:
        """End the current context, if there is one, and its beans.

        Raises:
            RuntimeError: A bean is cleaned up asynchronously; only `scope` can wait for that.
        """
        context = current_request.get()
        current_request.set(None)
        if context is not None:
            context.end_now()

    @classmethod
    def scope(cls, request_id: str | None = None) -> "RequestContext":
        """Open a context for a ``with`` or ``async with`` block; the outer one is back after it.

        The block's end ends the request-scoped beans; asynchronous clean-ups need ``async with``.
        """
        return cls(request_id)

    def successor(self) -> "RequestContext":
        """Return a fresh context with the same ids, for work that goes on when the request has ended.

        The security context goes along; beans and attributes stay behind.
        """
        context = RequestContext(self._request_id)
        context._security_context = self._security_context
        context.correlation_id = self.correlation_id
        context.transaction_id = self.transaction_id
        context.tenant_id = self.tenant_id
        context.traceparent = self.traceparent
        context.tracestate = self.tracestate
        return context

    @property
    def request_id(self) -> str:
        """The id: as given, or 32 hexadecimal digits."""
        if self._request_id is None:
            # Imported late: starting an application needs no request id.
            from uuid import uuid4

            self._request_id = uuid4().hex

        return self._request_id

    @property
    def known_request_id(self) -> str | None:
        """The id if it was given, or made up for somebody who asked; asking for it here makes up none."""
        return self._request_id

    @property
    def security_context(self) -> Any:
        """Who makes the request; set by the security module."""
        return self._security_context

    @security_context.setter
    def security_context(self, value: Any) -> None:
        self._security_context = value

    def __enter__(self) -> "RequestContext":
        self._token = current_request.set(self)
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        current_request.reset(self._token)
        if self._endings is not None:
            self.end_now()

    async def __aenter__(self) -> "RequestContext":
        self._token = current_request.set(self)
        return self

    async def __aexit__(self, kind: object, error: object, trace: object) -> None:
        current_request.reset(self._token)
        if self._endings is not None:
            await self.end()
