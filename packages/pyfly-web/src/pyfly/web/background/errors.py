# SPDX-License-Identifier: Apache-2.0
"""Why work cannot be accepted."""

from datetime import timedelta
from typing import Final

from pyfly.kernel.exceptions import ServiceUnavailableException

RETRY_AFTER: Final = timedelta(seconds=1)


class BackgroundWorkRefused(ServiceUnavailableException):
    """Report that a piece of background work was not accepted; nothing of it will be done.

    Args:
        work: Name of the function.
        reason: Why it was refused.
        retry_after: When it may be accepted; ``None`` for never.

    Attributes:
        work: Name of the function.
        reason: Why it was refused.
    """

    def __init__(self, work: str, reason: str, retry_after: timedelta | None = None) -> None:
        super().__init__(
            f"The background work {work} is refused: {reason}",
            code="BACKGROUND_WORK_REFUSED",
            context={} if retry_after is None else {"retry_after": retry_after},
        )
        self.work = work
        self.reason = reason
