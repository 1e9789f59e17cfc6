# SPDX-License-Identifier: Apache-2.0
"""What a request adds to the lines that are logged while it is handled."""

from collections.abc import Mapping

from pyfly.context.request_context import RequestContext


def request_fields() -> Mapping[str, object] | None:
    """Return the ids of the current request, as far as it has any."""
    request = RequestContext.current()
    if request is None:
        return None

    ids = {
        "request_id": request.known_request_id,
        "correlation_id": request.correlation_id,
        "transaction_id": request.transaction_id,
    }
    return {name: value for name, value in ids.items() if value is not None}
