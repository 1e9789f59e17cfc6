# SPDX-License-Identifier: Apache-2.0
"""What the container measured about a bean."""

from dataclasses import dataclass


@dataclass
class BeanMetrics:
    """Creation and use of one bean.

    Attributes:
        creation_time_ns: Duration of the first creation, in nanoseconds.
        resolution_count: How often the bean was handed out, as a dependency of others too.
        created_at: Moment of the first creation, in seconds since the epoch; ``None`` before it.
    """

    creation_time_ns: int = 0
    resolution_count: int = 0
    created_at: float | None = None
