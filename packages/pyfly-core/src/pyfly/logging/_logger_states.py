# SPDX-License-Identifier: Apache-2.0
"""How the loggers of this process are set up, to go back to."""

import logging
from typing import NamedTuple


class LoggerState(NamedTuple):
    """How a logger is set up.

    Attributes:
        handlers: Its handlers.
        filters: Its filters.
        level: Its own level.
        propagate: Whether the loggers above get its records.
        disabled: Whether it logs nothing at all.
    """

    handlers: tuple[logging.Handler, ...] = ()
    filters: tuple[object, ...] = ()
    level: int = logging.NOTSET
    propagate: bool = True
    disabled: bool = False


def logger_states() -> dict[logging.Logger, LoggerState]:
    """Return how every logger is set up that exists."""
    return {
        it: LoggerState(tuple(it.handlers), tuple(it.filters), it.level, it.propagate, it.disabled)
        for it in loggers()
    }


def restore_loggers(states: dict[logging.Logger, LoggerState]) -> None:
    """Set all loggers up as they were, those that did not exist like new ones; close handlers they lose.

    Args:
        states: How they were.
    """
    for logger in loggers():
        state = states.get(logger) or LoggerState()
        for handler in logger.handlers[:]:
            if handler not in state.handlers:
                handler.close()

        # New lists, since other threads may be walking the old ones.
        logger.handlers = list(state.handlers)
        logger.filters = list(state.filters)  # type: ignore[arg-type]  # what it had is of the right type
        logger.setLevel(state.level)
        logger.propagate, logger.disabled = state.propagate, state.disabled


def loggers() -> list[logging.Logger]:
    """Return every logger that exists, the root first."""
    known = list(logging.root.manager.loggerDict.values())
    return [logging.root, *(it for it in known if isinstance(it, logging.Logger))]
