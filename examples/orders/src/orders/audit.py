# SPDX-License-Identifier: Apache-2.0
"""Who did what: one line in the log for each request that changed something."""

import logging

from pyfly.container import Scope, component
from pyfly.context import RequestContext, pre_destroy

log = logging.getLogger("orders.audit")


@component(scope=Scope.REQUEST)
class AuditTrail:
    """Collects what one request does: each request has its own."""

    def __init__(self) -> None:
        context = RequestContext.current()
        self._request_id = context.request_id if context else "-"
        self._deeds: list[str] = []

    def note(self, deed: str) -> None:
        self._deeds.append(deed)

    @pre_destroy
    def write(self) -> None:
        log.info("request %s: %s", self._request_id, "; ".join(self._deeds))
