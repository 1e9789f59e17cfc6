# SPDX-License-Identifier: Apache-2.0
"""Which logging adapter is in use, the loggers it hands out, and the adapter classes by name."""

import sys
from typing import Any, NoReturn

from pyfly.config.store import Config
from pyfly.logging.port import LoggingPort
from pyfly.logging.stdlib_adapter import StdlibLoggingAdapter

_AUTO = "auto"
_KEY = "pyfly.logging.adapter"
_PACKAGE = "pyfly.logging"
_NAMES = (
    "LoggingPort",
    "StdlibLoggingAdapter",
    "StoppableLogging",
    "StructuredLogger",
    "bind_log_context",
    "clear_log_context",
    "get_logger",
    "log_context",
    "register_enricher",
    "unbind_log_context",
    "unregister_enricher",
)

_selected: LoggingPort | None = None


def get_logger(name: str) -> Any:
    """Give a logger that takes an event and fields: ``log.info("order_placed", id=7)``.

    It is made by the adapter of the application; before there is one, by the adapter that ``auto`` takes. The
    loggers of the adapters that come with PyFly honour every later configuration, so a module can have its
    logger made when it is imported.

    Args:
        name: The logger's name, as a rule ``__name__``.
    """
    # Adapters are looked for when the first logger is made, not when this is imported.
    from pyfly.logging._adapters import is_usable

    if _selected is not None and is_usable(type(_selected)):
        return _selected.get_logger(name)

    return _preferred()().get_logger(name)


def select_adapter(config: Config) -> LoggingPort:
    """Make the logging adapter that ``pyfly.logging.adapter`` names, and have `get_logger` use it.

    ``auto``, the default, takes the usable one of the lowest ``order``.

    Args:
        config: The application's configuration.

    Raises:
        UnknownLoggingAdapterError: There is no such adapter, or it cannot be used here.
    """
    global _selected
    name = str(config.get(_KEY, _AUTO)).strip()
    if name.lower() == _AUTO:
        adapter = _preferred()()
    else:
        from pyfly.logging._adapters import adapter_named

        adapter = (adapter_named(name.lower()) or _refused(name, config))()

    _selected = adapter
    return adapter


def release_logging() -> None:
    """Forget the selected adapter, and take away what an adapter of PyFly has put into place.

    For a process that was forked off: it has its parent's logging, and sets up its own.
    """
    global _selected
    _selected = None
    pipelines = sys.modules.get("pyfly.logging._pipeline")
    pipeline = pipelines.current_pipeline() if pipelines is not None else None
    if pipeline is not None:
        pipeline.remove()


def find(name: str) -> Any:
    """Return an installed adapter class by its name; for ``__all__`` the public names.

    Raises:
        AttributeError: There is no such class, or it cannot be used here.
    """
    if name == "__all__":
        return installed()

    if not name.startswith("_"):
        # Looked for when it is asked for: an import of this package loads no adapter.
        from pyfly.logging._adapters import installed_adapters

        for cls in installed_adapters().values():
            if cls.__name__ == name:
                return cls

    raise AttributeError(f"module {_PACKAGE!r} has no attribute {name!r}")


def installed() -> list[str]:
    """Return the public names: what is always there, and the installed adapter classes."""
    from pyfly.logging._adapters import installed_adapters

    return sorted({*_NAMES, *(cls.__name__ for cls in installed_adapters().values())})


def _refused(name: str, config: Config) -> NoReturn:
    from pyfly.logging._adapters import installed_adapters
    from pyfly.logging.errors import UnknownLoggingAdapterError

    raise UnknownLoggingAdapterError(name, list(installed_adapters()), config.origin(_KEY))


def _preferred() -> type[LoggingPort]:
    from pyfly.logging._adapters import installed_adapters

    return next(iter(installed_adapters().values()), StdlibLoggingAdapter)
