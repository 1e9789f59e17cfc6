# SPDX-License-Identifier: Apache-2.0
"""A start without the cyclic garbage collector.

A start makes hundreds of thousands of objects that live as long as the process, and next to no garbage. The
collector would go through all of them again and again meanwhile: a fifth of the time to the first response.
"""

import gc


class CollectorPause:
    """Switches the collector off, and on again when the start is over; if it is off anyway, it stays so.

    The start may be a ``with`` block, or go from `begin` to `end`.
    """

    def __init__(self) -> None:
        self._pauses = False

    def __enter__(self) -> None:
        self.begin()

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self.end()

    def begin(self) -> None:
        """Switch the collector off."""
        self._pauses = gc.isenabled()
        gc.disable()

    def end(self) -> None:
        """Switch it on again; what exists by now is not looked at by any collection (``gc.freeze``)."""
        if self._pauses:
            self._pauses = False
            gc.freeze()
            gc.enable()
