# SPDX-License-Identifier: Apache-2.0
"""Logging and structlog as they were, after each test."""

import logging
from collections.abc import Callable, Iterator

import pytest
import structlog

from pyfly.logging import clear_log_context


@pytest.fixture(autouse=True)
def untouched_logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    for handler in root.handlers:
        if handler not in handlers:
            handler.close()

    root.handlers = handlers
    root.setLevel(level)
    for logger in root.manager.loggerDict.copy().values():
        if isinstance(logger, logging.Logger):
            logger.setLevel(logging.NOTSET)

    logging.captureWarnings(False)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    clear_log_context()


@pytest.fixture
def written(capsys: pytest.CaptureFixture[str]) -> Callable[[], str]:
    return lambda: capsys.readouterr().out
