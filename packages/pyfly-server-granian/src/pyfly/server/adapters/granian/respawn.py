# SPDX-License-Identifier: Apache-2.0
"""What happens when a worker process dies."""

import logging
import time
from collections import deque
from collections.abc import Sequence
from typing import Any

from pyfly.logging.structured_logger import StructuredLogger
from pyfly.server.adapters.granian.worker import START_FAILED

_RESTARTS = 5
_RESTART_WINDOW = 60.0

_logger = logging.getLogger("pyfly.server")


class RespawnPolicy:
    """Decide, each time a worker has died, whether Granian replaces it.

    Granian asks for the truth of this object at that moment. A worker whose application did not start is not
    replaced: it would fail again. Neither is one after five replacements within a minute.
    """

    def __init__(self, *, enabled: bool) -> None:
        self._enabled = enabled
        self._deaths: deque[float] = deque(maxlen=_RESTARTS)
        self.workers: Sequence[Any] = ()

    def __bool__(self) -> bool:
        """Tell whether the worker that has just died is to be replaced."""
        codes = [getattr(worker.inner, "exitcode", None) for worker in self.workers if not worker.is_alive()]
        if START_FAILED in codes:
            return False

        respawn = self._enabled and self._within_limit()
        StructuredLogger(_logger).error("worker_died", exit_codes=codes, respawn=respawn)
        return respawn

    def _within_limit(self) -> bool:
        now = time.monotonic()
        if len(self._deaths) == _RESTARTS and now - self._deaths[0] < _RESTART_WINDOW:
            StructuredLogger(_logger).error(
                "worker_restart_limit_reached", restarts=_RESTARTS, window_s=_RESTART_WINDOW
            )
            return False

        self._deaths.append(now)
        return True


def leave_worker_deaths_to_the_policy() -> None:
    """Silence Granian's line about each dead worker: the policy and the worker itself tell more."""
    logging.getLogger("_granian").addFilter(_is_not_about_a_death)


def _is_not_about_a_death(record: logging.LogRecord) -> bool:
    return not str(record.msg).startswith("Unexpected exit from worker")
