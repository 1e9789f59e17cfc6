# SPDX-License-Identifier: Apache-2.0
"""The stores behind the scopes: the current request, its session, and custom handlers."""

from collections.abc import Callable
from typing import Any, NamedTuple

from pyfly.container.registry import Registration
from pyfly.container.request_storage import HTTP_SESSION_KEY, ScopeStorage, current_request
from pyfly.container.types import Scope, ScopeHandler, scope_name

BUILT_IN_SCOPES = frozenset(scope.name.lower() for scope in Scope)


class _Absent(Exception):
    """Raised by a factory to learn that a handler keeps nothing yet."""


class HandlerStore(NamedTuple):
    """One bean's place in a custom scope."""

    handler: ScopeHandler
    key: str

    @property
    def identity(self) -> int:
        return id(self.handler)

    def get(self, make: Callable[[], Any]) -> Any:
        return self.handler.get(self.key, make)

    def holds(self) -> bool:
        def absent() -> Any:
            raise _Absent

        try:
            self.handler.get(self.key, absent)
        except _Absent:
            return False

        return True


class SessionStore(NamedTuple):
    """One bean's place in the HTTP session of the current request."""

    session: Any
    key: str

    @property
    def identity(self) -> int:
        return id(self.session)

    def get(self, make: Callable[[], Any]) -> Any:
        found = self.session.get_attribute(self.key)
        if found is None:
            found = make()
            self.session.set_attribute(self.key, found)

        return found

    def holds(self) -> bool:
        return self.session.get_attribute(self.key) is not None


class ScopeStores:
    """Finds the store that a definition's scope means right now."""

    def __init__(self) -> None:
        self._handlers: dict[str, ScopeHandler] = {}

    def register(self, name: str, handler: ScopeHandler) -> None:
        """Add a custom scope.

        Raises:
            ValueError: The name is empty, not text, or a built-in scope's.
        """
        if not isinstance(name, str) or not name:
            raise ValueError(f"The name of a scope must be non-empty text, got {name!r}")

        if name.lower() in BUILT_IN_SCOPES:
            raise ValueError(f"'{name}' is a built-in scope; choose another name")

        self._handlers[name] = handler

    def unregister(self, name: str) -> None:
        """Remove a custom scope, if it is there."""
        self._handlers.pop(name, None)

    def knows(self, name: str) -> bool:
        return name in self._handlers

    def request(self, definition: Registration) -> ScopeStorage:
        """Return the current request.

        Raises:
            RuntimeError: There is none.
        """
        request = current_request.get()
        if request is None:
            scope = scope_name(definition.scope).lower()
            raise RuntimeError(
                f"No active request context: {definition.label} has the {scope} scope and is available only"
                " while a request is handled (elsewhere, open one with RequestContext.scope())"
            )

        return request

    def store(self, definition: Registration) -> HandlerStore | SessionStore:
        """Return the place of a session-scoped or custom-scoped bean.

        Raises:
            RuntimeError: There is no request, no session, or no such scope.
        """
        if definition.scope is Scope.SESSION:
            session = self.request(definition).get(HTTP_SESSION_KEY)
            if session is None:
                raise RuntimeError(
                    f"No HTTP session in the current request: {definition.label} has the session scope"
                )

            return SessionStore(session, f"pyfly.bean:{definition.key}")

        name = scope_name(definition.scope)
        if name not in self._handlers:
            raise RuntimeError(
                f"The scope '{name}' of {definition.label} is not registered; add it with register_scope()"
            )

        return HandlerStore(self._handlers[name], definition.key)
