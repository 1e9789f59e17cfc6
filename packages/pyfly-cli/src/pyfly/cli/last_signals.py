# SPDX-License-Identifier: Apache-2.0
"""Signals that come while the process is about to end anyway."""

import os
import signal
from types import FrameType

__all__ = ["end_with"]


def end_with(code: int) -> None:
    """Let a signal end this process with the exit code that it has coming, from now on.

    An operator, a service manager and a container platform may each ask for a stop. The second one must not
    turn a clean end into a death by a signal.

    Args:
        code: The exit code.
    """

    def end(_number: int, _frame: FrameType | None) -> None:
        os._exit(code)

    for name in ("SIGTERM", "SIGINT"):
        if signal.getsignal(getattr(signal, name)) in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(getattr(signal, name), end)
