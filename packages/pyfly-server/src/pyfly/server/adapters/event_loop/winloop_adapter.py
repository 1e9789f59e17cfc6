# SPDX-License-Identifier: Apache-2.0
"""The event loop of the winloop library."""

from pyfly.server.adapters.event_loop._library import LibraryEventLoopAdapter


class WinloopEventLoopAdapter(LibraryEventLoopAdapter):
    """Run on winloop, which is imported when a loop is asked for."""

    library = "winloop"
