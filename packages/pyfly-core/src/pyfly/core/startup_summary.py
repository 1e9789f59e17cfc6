# SPDX-License-Identifier: Apache-2.0
"""What modules add to the log of a start."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, Protocol, runtime_checkable

from pyfly.context.application_context import ApplicationContext


class SummaryLine(NamedTuple):
    """One line of the start-up log.

    Attributes:
        event: What the line tells, such as ``mapped_endpoints``.
        fields: The facts about it.
    """

    event: str
    fields: Mapping[str, object]


@runtime_checkable
class StartupSummary(Protocol):
    """A bean that tells what its module has set up.

    It is asked once, when the context has started, in the process that logs; beans are asked in ``@order``.
    Its lines come after the counts of beans and before ``application_started``, at level INFO.
    """

    def summarise(self, context: ApplicationContext) -> Iterable[SummaryLine]:
        """Return the lines in order.

        Args:
            context: The context, which has started.
        """
        ...
