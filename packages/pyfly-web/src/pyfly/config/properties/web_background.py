# SPDX-License-Identifier: Apache-2.0
"""The settings of background work, ``pyfly.web.background.*``."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from annotated_types import Ge, Gt

from pyfly.config.binding import config_properties


@config_properties(prefix="pyfly.web.background")
@dataclass
class BackgroundProperties:
    """Bound the work that goes on after the answers.

    Attributes:
        max_concurrent: The most pieces of work that run at once.
        max_pending: The most that wait for their turn; further ones are refused with 503.
        drain_timeout: How long a stop waits for work that was accepted, before it is cancelled; less than
            ``pyfly.context.shutdown-timeout``. None for two thirds of that.
    """

    max_concurrent: Annotated[int, Ge(1)] = 16
    max_pending: Annotated[int, Ge(0)] = 1000
    drain_timeout: Annotated[timedelta, Gt(timedelta(0))] | None = None
