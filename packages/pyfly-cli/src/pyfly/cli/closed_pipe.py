# SPDX-License-Identifier: Apache-2.0
"""The reader of the output went away before the end, as ``head`` does."""

import os
import select
import sys


def reader_left() -> bool:
    """Tell whether standard output is a pipe that nobody reads any more.

    What is still to be written there is dropped then: the interpreter would complain about it at its end.
    """
    try:
        sys.stdout.flush()
        left = _is_closed(sys.stdout.fileno())
    except BrokenPipeError:
        left = True
    except OSError:
        # Not a stream of the operating system.
        return False

    if left:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)

    return left


def _is_closed(descriptor: int) -> bool:
    # Windows cannot tell; there only what could not be flushed does.
    if not hasattr(select, "poll"):
        return False

    poll = select.poll()
    poll.register(descriptor, 0)
    return any(events & (select.POLLERR | select.POLLHUP) for _, events in poll.poll(0))
