# SPDX-License-Identifier: Apache-2.0
"""Choose the server among the installed ones."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from typing import Any

from pyfly.kernel.entry_points import entry_points_of
from pyfly.server.exceptions import ServerNotFoundError

SERVERS_GROUP = "pyfly.servers"
_PREFERRED = ("granian", "uvicorn", "hypercorn")


@dataclass(frozen=True, slots=True)
class SelectedServer:
    """Name a server and make its adapter.

    Attributes:
        name: The name of its entry point, as ``pyfly.server.type`` takes it.
        create: Makes the adapter; it takes no argument.
    """

    name: str
    create: Callable[[], Any]


def installed_servers() -> list[str]:
    """Return the names in entry-point group ``pyfly.servers``: the preferred ones first, then by name."""
    return list(_entries())


def select_server(requested: str = "auto") -> SelectedServer:
    """Choose a server.

    Args:
        requested: A name out of entry-point group ``pyfly.servers``, or ``"auto"`` for the first one whose
            library is there: granian, uvicorn, hypercorn, then the others by name.

    Raises:
        ServerNotFoundError: No server has that name, or none is installed.
    """
    entries = _entries()
    wanted = (
        entries if requested == "auto" else {requested: entries[requested]} if requested in entries else {}
    )
    for name, entry in wanted.items():
        adapter = _load(entry)
        if adapter is not None:
            return SelectedServer(name, adapter)

    raise ServerNotFoundError(requested, [name for name in entries if name != requested])


def _entries() -> dict[str, EntryPoint]:
    found = {entry.name: entry for entry in entry_points_of(SERVERS_GROUP)}
    order = {name: position for position, name in enumerate(_PREFERRED)}
    return {name: found[name] for name in sorted(found, key=lambda name: (order.get(name, len(order)), name))}


def _load(entry: EntryPoint) -> Callable[[], Any] | None:
    try:
        adapter: Callable[[], Any] = entry.load()
    except ModuleNotFoundError as error:
        if error.name is not None and error.name.partition(".")[0] == "pyfly":
            raise

        return None

    # Adapters import their library late, so the shipped ones can tell whether it is there; others need not.
    is_available: Callable[[], bool] = getattr(adapter, "is_available", lambda: True)
    return adapter if is_available() else None
