# SPDX-License-Identifier: Apache-2.0
"""Choose the event loop among the installed ones."""

from importlib.metadata import EntryPoint

from pyfly.kernel.entry_points import entry_points_of
from pyfly.server.exceptions import RefusedSettingError
from pyfly.server.ports.event_loop import EventLoopFactoryPort

EVENT_LOOPS_GROUP = "pyfly.event_loops"
_FALLBACK = "asyncio"
_AUTO = ("uvloop", "winloop", _FALLBACK)


def select_event_loop(requested: str = "auto", *, server: str = "any") -> EventLoopFactoryPort:
    """Choose an event loop.

    Args:
        requested: A name out of entry-point group ``pyfly.event_loops``, or ``auto`` for the first one of
            uvloop, winloop and asyncio whose library is installed.
        server: The name of the server that is to run on it, for the error.

    Raises:
        RefusedSettingError: No loop has that name, or its library is not installed.
    """
    entries = {entry.name: entry for entry in entry_points_of(EVENT_LOOPS_GROUP)}
    if requested == "auto":
        available = (loop for name in _AUTO if (loop := _create(entries[name])).is_available())
        return next(available)

    if requested not in entries:
        raise RefusedSettingError(
            "pyfly.server.event-loop",
            requested,
            server=server,
            reason="there is no such event loop.",
            action=f"Use one of: auto, {', '.join(sorted(entries))}.",
        )

    loop = _create(entries[requested])
    if not loop.is_available():
        raise RefusedSettingError(
            "pyfly.server.event-loop",
            requested,
            server=server,
            reason="its library is not installed.",
            action=f"Install it (pip install {requested}), or use auto or {_FALLBACK}.",
        )

    return loop


def _create(entry: EntryPoint) -> EventLoopFactoryPort:
    loop: EventLoopFactoryPort = entry.load()()
    return loop
