# SPDX-License-Identifier: Apache-2.0
"""When to give up replacing workers that die."""

import time
from collections import deque
from typing import Final

__all__ = ["RESTARTS", "RESTART_WINDOW", "RestartLimit"]

RESTARTS: Final = 5
RESTART_WINDOW: Final = 60.0
_FIRST_DELAY: Final = 0.1
_LONGEST_DELAY: Final = 5.0


class RestartLimit:
    """Allow five replacements within a minute, each a little later than the one before."""

    def __init__(self) -> None:
        self._deaths: deque[float] = deque(maxlen=RESTARTS)

    def delay(self, now: float | None = None) -> float | None:
        """Count a death.

        Args:
            now: The time, by ``time.monotonic()``.

        Returns:
            Seconds until the worker is replaced; None when there have been too many deaths.
        """
        now = time.monotonic() if now is None else now
        recent = [death for death in self._deaths if now - death < RESTART_WINDOW]
        if len(recent) == RESTARTS:
            return None

        self._deaths.append(now)
        return 0.0 if not recent else min(_LONGEST_DELAY, _FIRST_DELAY * 2.0 ** (len(recent) - 1))
