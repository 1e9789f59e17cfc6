# SPDX-License-Identifier: Apache-2.0
"""Work that may hang, given a deadline."""

from collections.abc import Callable
from threading import Thread
from typing import Generic, TypeVar

T = TypeVar("T")


class Deadlined(Generic[T]):
    """Work that runs in a thread of its own, which does not keep the process.

    Args:
        work: What to do.
    """

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._results: list[T] = []
        self._failure: BaseException | None = None
        self._thread = Thread(target=self._run, name="pyfly-check", daemon=True)
        self._thread.start()

    def result(self, seconds: float) -> T:
        """Wait for the result.

        Args:
            seconds: How long to wait at most; after that, the work is left to itself.

        Raises:
            TimeoutError: There is no result after that time.
            BaseException: What the work raises.
        """
        self._thread.join(max(0.0, seconds))
        if self._thread.is_alive():
            raise TimeoutError(f"no result within {seconds:g} s")

        if self._failure is not None:
            raise self._failure

        return self._results[0]

    def _run(self) -> None:
        try:
            self._results.append(self._work())
        except BaseException as error:
            self._failure = error
