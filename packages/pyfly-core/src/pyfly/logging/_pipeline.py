# SPDX-License-Identifier: Apache-2.0
"""What writes the log of this process: handlers on the root logger, which every record reaches."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import RLock
from weakref import WeakSet

from pyfly.config.properties.logging import LoggingProperties
from pyfly.logging._call_context import CallContextFilter
from pyfly.logging._console import ConsoleFormatter, ConsoleHandler
from pyfly.logging._console_writers import adopt_console_writers
from pyfly.logging._json import JsonFormatter
from pyfly.logging._logfmt import LogfmtFormatter
from pyfly.logging._tracing import trace_ids
from pyfly.logging.context import Enricher, register_enricher, unregister_enricher
from pyfly.logging.levels import LEVELS, OFF, TRACE, change_level
from pyfly.logging.redaction.engine import Redactor
from pyfly.logging.structured_logger import StructuredLogger

_FORMATTERS: dict[str, type[logging.Formatter]] = {
    "console": ConsoleFormatter,
    "json": JsonFormatter,
    "logfmt": LogfmtFormatter,
}

_lock = RLock()
_current: "Pipeline | None" = None
# All that were ever put on the root logger. Who saves its handlers and puts them back, as tests do, may bring
# one back that is not in use any more.
_ours: WeakSet[logging.Handler] = WeakSet()


class Pipeline:
    """The handlers of one configuration, and what else it has changed in this process.

    Args:
        properties: The settings.
        levels: Level by logger, as far as it is configured.
        redactor: What keeps secrets out of texts; None to redact nothing.
        enrichers: What adds fields to every line while this is in place, by name.

    Raises:
        ConfigurationError: A pattern cannot be followed.
    """

    def __init__(
        self,
        properties: LoggingProperties,
        levels: Mapping[str, str],
        redactor: Redactor | None,
        enrichers: Mapping[str, Enricher],
    ) -> None:
        self._properties = properties
        self._levels = levels
        self._redactor = redactor
        self._enrichers = {"opentelemetry": trace_ids, **enrichers}
        self._filters = _filters(properties, redactor)
        self._console = ConsoleHandler()
        self._console.setFormatter(_formatter(properties.pattern.console, properties.format))
        self._file_formatter = _formatter(properties.pattern.file, properties.format)
        self._file: logging.Handler | None = None
        self._attached: list[tuple[logging.Logger, logging.Handler]] = []
        self._external = False
        self._levelled: set[str] = set()
        self._restore: list[Callable[[], object]] = []

    def install(self) -> None:
        """Take the place of the pipeline before.

        Raises:
            ConfigurationError: The log file cannot be written.
        """
        global _current
        logging.addLevelName(TRACE, "TRACE")
        logging.addLevelName(OFF, "OFF")
        with _lock:
            before, _current = _current, self
            outdated = [handler for handler in logging.root.handlers if handler in _ours]
            # The console comes first: it tells what is wrong with the rest.
            self._attach(self._console)
            if before is not None:
                before.remove()

            logging.root.handlers = [it for it in logging.root.handlers if it not in outdated]

            for name, enricher in self._enrichers.items():
                register_enricher(name, enricher)

            adopt_console_writers()
            for name, level in {"root": "INFO", **self._levels}.items():
                self._apply_level(name, level)

            try:
                self._apply_external_file()
                if not self._external:
                    self._add_file_and_thread()

                self._redirect()
            except BaseException:
                self.remove()
                raise

    def stop(self) -> None:
        """Write out what waits, close files, and give back what was redirected; the console stays."""
        with _lock:
            if _current is self:
                self._take_down()
                if not self._external:
                    self._attach(self._console)

    def remove(self) -> None:
        """Take everything away; loggers whose level was set here follow those above them again."""
        global _current
        with _lock:
            self._take_down()
            for name in self._levelled:
                change_level(name, None)

            for name in self._enrichers:
                unregister_enricher(name)

            if _current is self:
                _current = None

    def change_level(self, name: str, level: str | None) -> None:
        """Change the level of a logger, until the next configuration.

        Raises:
            ValueError: There is no such level.
        """
        change_level(name, level)
        self._levelled.add(name)

    def _apply_level(self, name: str, level: str) -> None:
        try:
            self.change_level(name, level)
        except ValueError:
            StructuredLogger(logging.getLogger("pyfly.logging")).warning(
                "unknown_log_level", key=f"pyfly.logging.level.{name}", level=level, known=", ".join(LEVELS)
            )

    def _apply_external_file(self) -> None:
        if not self._properties.config:
            return

        from pyfly.logging.config_loader import apply_external_config

        before = set(_all_handlers())
        if not apply_external_config(self._properties.config):
            return

        # From here on the file says where lines go; they are enriched and redacted all the same.
        self._external = True
        self._take_down()
        self._attached = [entry for entry in _all_handlers() if entry not in before]
        for _, handler in self._attached:
            self._equip(handler)

        for name, level in self._levels.items():
            if level.upper() in LEVELS:
                self.change_level(name, level)

    def _add_file_and_thread(self) -> None:
        properties = self._properties
        if properties.file.name:
            from pyfly.logging.handlers import build_file_handler

            self._file = build_file_handler(properties.file, properties.rolling)

        writers: list[logging.Handler] = [self._console]
        if self._file is not None:
            self._file.setFormatter(self._file_formatter)
            writers.append(self._file)

        if properties.async_.enabled:
            from pyfly.logging._queue import BackgroundHandler

            self._attach(BackgroundHandler(writers, properties.async_.queue_size))
            self._detach(logging.root, self._console)
        elif self._file is not None:
            self._attach(self._file)

    def _redirect(self) -> None:
        properties = self._properties
        redaction = properties.redaction
        if redaction.streams.enabled and self._redactor is not None:
            from pyfly.logging.redaction.stream import install_stream_redaction

            self._restore.append(install_stream_redaction(self._redactor, redaction.deny_fields))

        if properties.format != "console":
            # Who reads by machine wants every line of the output to be one of the log.
            logging.captureWarnings(True)
            self._restore.append(lambda: logging.captureWarnings(False))

    def _attach(self, handler: logging.Handler) -> None:
        self._equip(handler)
        root = logging.root
        # In front, so that whoever comes after gets the record enriched and redacted; as a new list, since
        # other threads may be walking the old one.
        root.handlers = [handler, *(it for it in root.handlers if it is not handler)]
        self._attached.append((root, handler))
        _ours.add(handler)

    def _detach(self, logger: logging.Logger, handler: logging.Handler) -> None:
        logger.handlers = [it for it in logger.handlers if it is not handler]
        self._attached.remove((logger, handler))
        for it in self._filters:
            handler.removeFilter(it)

    def _equip(self, handler: logging.Handler) -> None:
        for it in self._filters:
            handler.addFilter(it)

    def _take_down(self) -> None:
        while self._restore:
            self._restore.pop()()

        for logger, handler in self._attached[:]:
            self._detach(logger, handler)
            handler.close()

        if self._file is not None:
            self._file.close()


def current_pipeline() -> Pipeline | None:
    """Return the pipeline that is in place, if there is one."""
    return _current


@contextmanager
def held_back(name: str) -> Iterator[list[logging.LogRecord]]:
    """Keep the records of a logger inside the block, for the time when there is something to write them."""
    records: list[logging.LogRecord] = []

    def keep(record: logging.LogRecord) -> bool:
        records.append(record)
        return False

    logger = logging.getLogger(name)
    logger.addFilter(keep)
    try:
        yield records
    finally:
        logger.removeFilter(keep)


def _filters(properties: LoggingProperties, redactor: Redactor | None) -> Sequence[logging.Filter]:
    if redactor is None:
        return (CallContextFilter(),)

    from pyfly.logging.redaction.processor import RedactionFilter

    redaction = properties.redaction
    return CallContextFilter(), RedactionFilter(redactor, redaction.allow_fields, redaction.deny_fields)


def _formatter(pattern: str, layout: str) -> logging.Formatter:
    if not pattern:
        return _FORMATTERS[layout]()

    from pyfly.logging.layout import PatternFormatter

    return PatternFormatter(pattern)


def _all_handlers() -> Iterator[tuple[logging.Logger, logging.Handler]]:
    for logger in [logging.root, *logging.root.manager.loggerDict.copy().values()]:
        if isinstance(logger, logging.Logger):
            yield from ((logger, handler) for handler in logger.handlers)
