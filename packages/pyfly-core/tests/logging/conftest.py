# SPDX-License-Identifier: Apache-2.0
"""Logging as it was, after each test."""

import logging
from collections.abc import Iterator

import pytest

from pyfly.logging import clear_log_context


@pytest.fixture(autouse=True)
def untouched_logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {logger: logger.level for logger in loggers()}
    yield
    for handler in root.handlers:
        if handler not in handlers:
            handler.close()

    root.handlers = handlers
    root.setLevel(level)
    for logger in loggers():
        logger.setLevel(levels.get(logger, logging.NOTSET))

    logging.captureWarnings(False)
    clear_log_context()


def loggers() -> list[logging.Logger]:
    known = logging.getLogger().manager.loggerDict.copy().values()
    return [logger for logger in known if isinstance(logger, logging.Logger)]
