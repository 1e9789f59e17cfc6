# SPDX-License-Identifier: Apache-2.0
"""The ids of the active span, if this process traces with OpenTelemetry."""

import sys
from collections.abc import Mapping


def trace_ids() -> Mapping[str, object] | None:
    """Return ``trace_id`` (32 hex digits) and ``span_id`` (16) of the active span, if there is one."""
    # Who traces has imported it; who does not pays for one look into a table.
    trace = sys.modules.get("opentelemetry.trace")
    if trace is None:
        return None

    context = trace.get_current_span().get_span_context()
    if not context.is_valid:
        return None

    return {"trace_id": format(context.trace_id, "032x"), "span_id": format(context.span_id, "016x")}
