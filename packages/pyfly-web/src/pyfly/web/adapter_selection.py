# SPDX-License-Identifier: Apache-2.0
"""Choose the web adapter among the installed ones, which entry-point group ``pyfly.web_adapters`` names."""

from collections.abc import Iterator
from importlib.metadata import EntryPoint
from typing import Final

from pyfly.config.properties.web import WebProperties
from pyfly.config.store import Config
from pyfly.kernel.entry_points import entry_points_of
from pyfly.web.adapter_errors import UnknownWebAdapterError, WebAdapterDisabledError
from pyfly.web.ports.outbound import WebServerPort

ADAPTERS_GROUP: Final = "pyfly.web_adapters"
ADAPTER_KEY: Final = "pyfly.web.adapter"
AUTO: Final = "auto"
NONE: Final = "none"


def requested_adapter(config: Config | None) -> str:
    """Return what ``pyfly.web.adapter`` asks for, in lower case: ``auto``, ``none`` or a name."""
    return AUTO if config is None else config.bind(WebProperties).adapter.strip().lower() or AUTO


def installed_adapters() -> dict[str, type[WebServerPort]]:
    """Return the adapters that can be used here, by the lower-case name of their entry point.

    The preferred one comes first: that of the lowest ``order`` (a class attribute, 0 when absent), then by
    name. An adapter whose library is missing is left out.
    """
    found: dict[str, type[WebServerPort]] = {}
    for entry in _entries():
        adapter = _load(entry)
        if adapter is not None:
            found[entry.name.lower()] = adapter

    return {name: found[name] for name in sorted(found, key=lambda name: (_order(found[name]), name))}


def select_adapter(config: Config | None = None) -> type[WebServerPort]:
    """Choose the adapter that ``pyfly.web.adapter`` names; ``auto`` takes the preferred one.

    Args:
        config: The application's configuration; without it, ``auto``.

    Raises:
        WebAdapterDisabledError: It says ``none``.
        UnknownWebAdapterError: There is no such adapter, its library is missing, or none is installed.
    """
    requested = requested_adapter(config)
    if requested == NONE:
        raise WebAdapterDisabledError(_source(config))

    if requested != AUTO:
        # Only the one that is asked for is imported.
        for entry in _entries():
            adapter = _load(entry) if entry.name.lower() == requested else None
            if adapter is not None:
                return adapter

    installed = installed_adapters()
    if requested == AUTO and installed:
        return next(iter(installed.values()))

    raise UnknownWebAdapterError(requested, list(installed), _source(config))


def _entries() -> Iterator[EntryPoint]:
    yield from entry_points_of(ADAPTERS_GROUP)


def _load(entry: EntryPoint) -> type[WebServerPort] | None:
    try:
        adapter: type[WebServerPort] = entry.load()
    except ModuleNotFoundError as error:
        # Its library is not there; whereas a part of PyFly that is missing is a fault.
        if error.name is not None and error.name.partition(".")[0] == "pyfly":
            raise

        return None

    return adapter


def _order(adapter: type[WebServerPort]) -> float:
    return float(getattr(adapter, "order", 0))


def _source(config: Config | None) -> str | None:
    return None if config is None else config.origin(ADAPTER_KEY)
