# SPDX-License-Identifier: Apache-2.0
"""One reading of the configuration for a launcher and the application that it starts."""

from collections.abc import Iterator
from contextlib import contextmanager

from pyfly.config._sources.readings import SHARED, Readings

__all__ = ["discard", "shared_reading"]


@contextmanager
def shared_reading(seconds: float = 60.0) -> Iterator[None]:
    """Let the loads within the block share what they read.

    A file is parsed once; it is read again when it has changed in between. An import is fetched once, and a
    failure that the start survives is not tried again, where it is asked for in the same way: the location,
    the application's name, the profiles and the label are the same, and so is everything that its importer
    has looked up in the configuration.

    It holds for the whole process, whatever the thread, and for processes that are forked within the block
    until they call :func:`discard`; one that is spawned reads for itself. A configuration that reads its
    sources again, as a refresh does, always reads everything anew. A block within another one shares with
    that.

    Args:
        seconds: How long the result of an import counts; after that it is fetched again.
    """
    if SHARED.readings is not None:
        yield
        return

    readings = SHARED.readings = Readings(seconds)
    try:
        yield
    finally:
        if SHARED.readings is readings:
            discard()


def discard() -> None:
    """Forget what was read, and let each load of this process read for itself again.

    A launcher calls it in each process as soon as the application has been built there, and before it starts
    another worker in place of one that has ended. Without a block around it, it does nothing.
    """
    SHARED.readings = None
