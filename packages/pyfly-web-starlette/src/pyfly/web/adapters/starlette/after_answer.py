# SPDX-License-Identifier: Apache-2.0
"""What a response leaves to be done after it."""

from collections.abc import Awaitable, Callable

from pyfly.web.background import BackgroundWork, BackgroundWorkRefused


async def run_after(background: Callable[[], Awaitable[None]], work: BackgroundWork | None) -> None:
    """Do what is to be done after an answer.

    It becomes background work, which the end of the connection does not concern. Where that takes nothing any
    more, it is done here and now: the client has its answer already, and cannot be told to come again.

    Args:
        background: The background tasks of a response.
        work: The background work of the application, if there is any.
    """
    if work is not None:
        try:
            work.submit(background)
        except BackgroundWorkRefused:
            work = None

    if work is None:
        await background()
