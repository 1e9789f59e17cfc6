# SPDX-License-Identifier: Apache-2.0
"""Early notice of the signals that stop a server.

A server that is asked to stop waits for the answers it is giving before it tells the application. An event
stream has no end of its own, so somebody has to hear of the signal before that. While somebody listens, the
handlers of the signals are wrapped: the listeners hear first, then the handler of the server as ever.
"""

import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any, Final, TypeAlias

__all__ = ["forget_stop_signals", "notice_stop_signals"]

Listener: TypeAlias = Callable[[], None]

_SIGNALS: Final = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGBREAK") if hasattr(signal, name)
)
_listeners: dict[Listener, None] = {}


class _Notice:
    """A handler around that of the server."""

    def __init__(self, passed_on_to: Callable[[int, FrameType | None], Any]) -> None:
        self.passed_on_to = passed_on_to

    def __call__(self, number: int, frame: FrameType | None) -> None:
        for listener in tuple(_listeners):
            listener()

        self.passed_on_to(number, frame)


def notice_stop_signals(listener: Listener) -> None:
    """Have something called when the process is asked to stop, before the server hears of it.

    Without effect outside of the main thread, and for signals that nobody handles, or somebody outside of
    Python does. Calling it again keeps the listener in front of handlers that have been installed meanwhile.

    Args:
        listener: Called in the main thread between any two instructions: it must not do more than to schedule
            something in an event loop.
    """
    if threading.current_thread() is not threading.main_thread():
        return

    _listeners[listener] = None
    for number in _SIGNALS:
        handler = signal.getsignal(number)
        if callable(handler) and not isinstance(handler, _Notice):
            signal.signal(number, _Notice(handler))


def forget_stop_signals(listener: Listener) -> None:
    """Undo `notice_stop_signals`; with the last listener the handlers are as they were.

    Args:
        listener: The listener.
    """
    _listeners.pop(listener, None)
    if _listeners or threading.current_thread() is not threading.main_thread():
        return

    for number in _SIGNALS:
        handler = signal.getsignal(number)
        if isinstance(handler, _Notice):
            signal.signal(number, handler.passed_on_to)
