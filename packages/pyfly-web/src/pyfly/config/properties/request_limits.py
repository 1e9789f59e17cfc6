# SPDX-License-Identifier: Apache-2.0
"""The settings of what may come before the body of a request, ``pyfly.web.limits.*``."""

from dataclasses import dataclass, field
from typing import Annotated

from annotated_types import Ge

from pyfly.config.binding import config_properties
from pyfly.config.data_size import DataSize

DEFAULT_MAX_HEADER_SIZE = DataSize(64 * 1024)


@config_properties(prefix="pyfly.web.limits")
@dataclass
class RequestLimitProperties:
    """Limit what may come before the body of a request.

    Attributes:
        max_header_size: Size that all names and values of a request's headers may have together; 0 for no
            limit.
        max_header_count: Headers that a request may have; 0 for no limit.
        max_url_length: Bytes that path and query may have together, as they are sent; 0 for no limit.
        allowed_hosts: Hosts that the application answers for, such as `shop.example.com`, `*.example.com` or
            `localhost:8000`; empty for all hosts.
    """

    max_header_size: DataSize = DEFAULT_MAX_HEADER_SIZE
    max_header_count: Annotated[int, Ge(0)] = 100
    max_url_length: Annotated[int, Ge(0)] = 16 * 1024
    allowed_hosts: list[str] = field(default_factory=list)
