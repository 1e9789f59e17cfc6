# SPDX-License-Identifier: Apache-2.0
"""Loggers that write to the console by themselves, past everybody's layout and redaction."""

import logging
import sys


def adopt_console_writers() -> None:
    """Take the console from the loggers that write to it by themselves, and let their records reach the root.

    Web servers set such loggers up before they import the application, and so does ``logging.basicConfig``.
    Handlers of any other kind stay.
    """
    for logger in [logging.root, *logging.root.manager.loggerDict.copy().values()]:
        if not isinstance(logger, logging.Logger):
            continue

        for handler in [handler for handler in logger.handlers if _writes_to_the_console(handler)]:
            logger.removeHandler(handler)
            logger.propagate = True


def _writes_to_the_console(handler: logging.Handler) -> bool:
    # Subclasses do more than write, and are somebody's intention.
    if type(handler) is not logging.StreamHandler:
        return False

    return any(handler.stream is it for it in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__))
