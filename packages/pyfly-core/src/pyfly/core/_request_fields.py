# SPDX-License-Identifier: Apache-2.0
"""What a request adds to the lines that are logged while it is handled."""

from collections.abc import Mapping

from pyfly.context.request_context import RequestContext


def request_fields() -> Mapping[str, object] | None:
    """Return the id of the current request, if there is one and it has one."""
    request = RequestContext.current()
    request_id = request.known_request_id if request is not None else None
    return {"request_id": request_id} if request_id is not None else None
