# SPDX-License-Identifier: Apache-2.0
"""What belongs to every line of a context: ids and facts that no call has to name.

The context is that of ``contextvars``: a task starts with a copy of its creator's, and a thread with none,
unless it is run by ``asyncio.to_thread`` or ``Context.run``.
"""

import logging
from collections.abc import Callable, Mapping
from contextvars import ContextVar, Token
from threading import Lock, local
from types import MappingProxyType, TracebackType
from typing import TypeAlias

from pyfly.logging.structured_event import StructuredEvent

__all__ = [
    "Enricher",
    "bind_log_context",
    "clear_log_context",
    "context_fields",
    "log_context",
    "register_enricher",
    "unbind_log_context",
    "unregister_enricher",
]

Enricher: TypeAlias = Callable[[], Mapping[str, object] | None]

_NOTHING: Mapping[str, object] = MappingProxyType({})
_bound: ContextVar[Mapping[str, object]] = ContextVar("pyfly_log_context", default=_NOTHING)

_lock = Lock()
_enrichers: tuple[tuple[str, Enricher], ...] = ()
_reported: set[str] = set()


class _Thread(local):
    enriching = False


_thread = _Thread()


def bind_log_context(**fields: object) -> None:
    """Add fields to every line of the current context, from now on.

    Args:
        fields: The fields, over those bound before.
    """
    _bound.set({**_bound.get(), **fields})


def unbind_log_context(*names: str) -> None:
    """Take fields out of the current context; those that are not bound do not matter.

    Args:
        names: Their names.
    """
    _bound.set({name: value for name, value in _bound.get().items() if name not in names})


def clear_log_context() -> None:
    """Take all bound fields out of the current context."""
    _bound.set(_NOTHING)


class log_context:  # reads as a statement: with log_context(tenant="acme")
    """Add fields to every line of a ``with`` block; what was bound before is back after it.

    Args:
        fields: The fields, over those bound before.
    """

    __slots__ = ("_fields", "_token")

    def __init__(self, **fields: object) -> None:
        self._fields = fields
        self._token: Token[Mapping[str, object]]

    def __enter__(self) -> None:
        self._token = _bound.set({**_bound.get(), **self._fields})

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _bound.reset(self._token)


def register_enricher(name: str, enricher: Enricher) -> None:
    """Have fields added to every line, for the whole process.

    It is called for each line that is logged, in the context and the thread of the caller, so it has to be
    quick. One that fails adds nothing; its first failure is logged.

    Args:
        name: What it is called; another one of this name is replaced.
        enricher: Returns the fields, or None when there are none.
    """
    global _enrichers
    with _lock:
        _enrichers = (*(entry for entry in _enrichers if entry[0] != name), (name, enricher))
        _reported.discard(name)


def unregister_enricher(name: str) -> None:
    """Undo a registration; one that does not exist does not matter.

    Args:
        name: The enricher's name.
    """
    global _enrichers
    with _lock:
        _enrichers = tuple(entry for entry in _enrichers if entry[0] != name)


def context_fields() -> Mapping[str, object]:
    """Return what belongs to a line that is logged here and now: from the enrichers, and what is bound."""
    bound = _bound.get()
    # An enricher that logs gets a line without enrichment, instead of no end.
    if not _enrichers or _thread.enriching:
        return bound

    fields: dict[str, object] = {}
    _thread.enriching = True
    try:
        for name, enricher in _enrichers:
            try:
                found = enricher()
                if found:
                    fields.update(found)
            except Exception as failure:
                _report(name, failure)
    finally:
        _thread.enriching = False

    if bound:
        fields.update(bound)

    return fields


def _report(name: str, failure: Exception) -> None:
    with _lock:
        first = name not in _reported
        _reported.add(name)

    if first:
        message = StructuredEvent("log_enricher_failed", (), {"enricher": name})
        logging.getLogger("pyfly.logging").warning(message, exc_info=failure)
