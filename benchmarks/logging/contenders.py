# SPDX-License-Identifier: Apache-2.0
"""Every contender, each as its documentation sets it up for production."""

import json
import logging
from datetime import UTC, datetime
from itertools import count
from typing import Any

import structlog

from benchmarks.contender import Role
from benchmarks.logging.contender import Contender, CurrentOutput
from benchmarks.logging.jobs import CORRELATION_ID, CUSTOMERS, FIELDS, NEW_FIELDS
from benchmarks.statements import Statement
from pyfly.config.store import Config
from pyfly.logging import LoggingPort, StdlibLoggingAdapter, bind_log_context
from pyfly.logging.structlog_adapter import StructlogAdapter

_NAME = "benchmarks.shop"
_EXTRA = 'extra={"order_id": 7, "customer": "ada", "amount": 12.5, "status": "paid"}'
_CONTROLLED_BY_STDLIB = frozenset({"disabled", "disabled fields"})
_CONTROLLED_BY_STRUCTLOG = frozenset({"line", "new", "traceback"})


def all_contenders() -> list[Contender]:
    """Return every contender, ready to be set up."""
    return [
        ours("pyfly, stdlib adapter", StdlibLoggingAdapter()),
        ours("pyfly, structlog adapter", StructlogAdapter()),
        stdlib(),
        plain_structlog(),
        structlog_over_stdlib(),
        stdlib_formatter(),
        floor(),
    ]


def ours(name: str, adapter: LoggingPort) -> Contender:
    config = Config({"pyfly": {"logging": {"format": "json"}}})

    def set_up() -> None:
        _clean()
        adapter.configure(config)
        bind_log_context(correlation_id=CORRELATION_ID)

    return Contender(
        name,
        Role.OURS,
        set_up,
        _structured(adapter.get_logger(_NAME)),
        note="format json, all else as by default: redaction on, with its eight kinds of secrets; "
        "the correlation id is bound to the context",
    )


def stdlib() -> Contender:
    logger = logging.getLogger(_NAME)
    return Contender(
        "stdlib logging",
        Role.CONTROL,
        _clean,
        {
            "disabled": Statement('log.debug("order_placed")', {"log": logger}),
            "disabled fields": Statement(f'log.debug("order_placed", {_EXTRA})', {"log": logger}),
        },
        controls=_CONTROLLED_BY_STDLIB,
        note="the control of disabled calls: the method debug of a logger, the fields as extra=",
    )


def plain_structlog() -> Contender:
    logger = structlog.wrap_logger(
        structlog.WriteLogger(CurrentOutput()),
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        context_class=dict,
        cache_logger_on_first_use=True,
    )
    return Contender(
        "plain structlog",
        Role.CONTROL,
        _bound_to_structlog,
        _structured(logger.bind()),
        controls=_CONTROLLED_BY_STRUCTLOG,
        note="the control of lines: its own logger without the standard library, filtering, bound once, "
        "which is its fastest way; merge_contextvars, add_log_level, format_exc_info, TimeStamper, "
        "JSONRenderer; no redaction, no logger name",
    )


def structlog_over_stdlib() -> Contender:
    handler = logging.StreamHandler(CurrentOutput())  # type: ignore[type-var]  # all of a stream that it uses
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    logger = structlog.wrap_logger(
        logging.getLogger(_NAME),
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        context_class=dict,
        cache_logger_on_first_use=True,
    )

    def set_up() -> None:
        _bound_to_structlog()
        logging.root.addHandler(handler)

    return Contender(
        "structlog over stdlib",
        Role.PEER,
        set_up,
        _structured(logger.bind()),
        note="its way to have the lines of all loggers look alike: ProcessorFormatter; no redaction",
    )


def stdlib_formatter() -> Contender:
    handler = logging.StreamHandler(CurrentOutput())  # type: ignore[type-var]  # all of a stream that it uses
    handler.setFormatter(_JsonFormatter())
    logger = logging.getLogger(_NAME)

    def set_up() -> None:
        _clean()
        logging.root.addHandler(handler)

    broken = 'log.error("payment_failed", exc_info=broken)'
    return Contender(
        "stdlib, json.dumps",
        Role.PEER,
        set_up,
        {
            "line": Statement(f'log.info("order_placed", {_EXTRA})', {"log": logger}),
            "new": _new(f'log.info("order_placed", extra=dict({NEW_FIELDS}))', logger),
            "traceback": Statement(broken, {"log": logger, "broken": _broken()}),
        },
        note="a formatter that calls json.dumps; no redaction; the correlation id is a constant",
    )


def floor() -> Contender:
    return Contender(
        "empty call",
        Role.FLOOR,
        _clean,
        {"disabled": Statement("call()", {"call": _nothing})},
        note="the call of a function that does nothing",
    )


def _structured(logger: Any) -> dict[str, Statement]:
    names = {"log": logger}
    return {
        "disabled": Statement('log.debug("order_placed")', names),
        "disabled fields": Statement(f'log.debug("order_placed", {FIELDS})', names),
        "line": Statement(f'log.info("order_placed", {FIELDS})', names),
        "new": _new(f'log.info("order_placed", {NEW_FIELDS})', logger),
        "traceback": Statement(
            'log.error("payment_failed", exc_info=broken)', {**names, "broken": _broken()}
        ),
    }


def _new(call: str, logger: Any) -> Statement:
    return Statement(
        f"number = next(numbers)\n{call}", {"log": logger, "numbers": count(), "customers": CUSTOMERS}
    )


class _JsonFormatter(logging.Formatter):
    _OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "taskName"}

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "event": record.getMessage(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "correlation_id": CORRELATION_ID,
            **{name: value for name, value in vars(record).items() if name not in self._OWN},
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)

        return json.dumps(line)


def _clean() -> None:
    structlog.contextvars.clear_contextvars()
    logging.root.handlers = []
    logging.root.setLevel(logging.INFO)


def _bound_to_structlog() -> None:
    _clean()
    structlog.contextvars.bind_contextvars(correlation_id=CORRELATION_ID)


def _nothing() -> None:
    return None


def _broken() -> ValueError:
    try:
        raise ValueError("broken")
    except ValueError as error:
        return error
