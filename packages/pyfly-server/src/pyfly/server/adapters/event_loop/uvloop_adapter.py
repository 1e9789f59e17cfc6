# SPDX-License-Identifier: Apache-2.0
"""The event loop of the uvloop library."""

from pyfly.server.adapters.event_loop._library import LibraryEventLoopAdapter


class UvloopEventLoopAdapter(LibraryEventLoopAdapter):
    """Run on uvloop, which is imported when a loop is asked for."""

    library = "uvloop"
