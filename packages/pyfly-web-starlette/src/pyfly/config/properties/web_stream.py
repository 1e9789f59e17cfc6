# SPDX-License-Identifier: Apache-2.0
"""The settings of answers that are sent piece by piece, ``pyfly.web.stream.*``."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from annotated_types import Gt

from pyfly.config.binding import config_properties


@config_properties(prefix="pyfly.web.stream")
@dataclass
class StreamProperties:
    """Send streams and files.

    Attributes:
        send_timeout: How long a client may take to accept a piece; then its answer is given up.
    """

    send_timeout: Annotated[timedelta, Gt(timedelta(0))] = timedelta(seconds=60)
