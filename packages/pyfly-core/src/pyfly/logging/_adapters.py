# SPDX-License-Identifier: Apache-2.0
"""The logging adapters that installed distributions bring."""

from typing import Any

from pyfly.logging.port import LoggingPort

GROUP = "pyfly.logging_adapters"


def installed_adapters() -> dict[str, type[LoggingPort]]:
    """Return the adapters that can be used here, by the lower-case name of their entry point.

    The preferred one comes first: that of the lowest ``order``, then by name.
    """
    # The metadata of distributions is not needed to import an application.
    from pyfly.kernel.entry_points import entry_points_of

    loaded = {entry.name.lower(): _load(entry) for entry in entry_points_of(GROUP)}
    found = {name: cls for name, cls in loaded.items() if cls is not None and is_usable(cls)}
    return {name: found[name] for name in sorted(found, key=lambda name: (_order(found[name]), name))}


def adapter_named(name: str) -> type[LoggingPort] | None:
    """Return one adapter without loading the others, None when there is no such adapter to be used here.

    Args:
        name: The name of its entry point, in lower case.
    """
    from pyfly.kernel.entry_points import entry_points_of

    for entry in entry_points_of(GROUP):
        if entry.name.lower() == name:
            cls = _load(entry)
            return cls if cls is not None and is_usable(cls) else None

    return None


def is_usable(cls: type[LoggingPort]) -> bool:
    """Tell whether what an adapter stands on is installed; one that does not say stands on nothing."""
    return bool(getattr(cls, "is_available", lambda: True)())


def _order(cls: type[LoggingPort]) -> float:
    return float(getattr(cls, "order", 0))


def _load(entry: Any) -> type[LoggingPort] | None:
    try:
        cls: type[LoggingPort] = entry.load()
    except ModuleNotFoundError as error:
        # Its library is not there; whereas a part of PyFly that is missing is a fault.
        if error.name is not None and error.name.partition(".")[0] == "pyfly":
            raise

        return None

    return cls
