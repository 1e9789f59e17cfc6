# SPDX-License-Identifier: Apache-2.0
"""Server-sent events on Starlette."""

from pyfly.web.sse.adapters.starlette.registrar import SSERegistrar
from pyfly.web.sse.adapters.starlette.response import make_sse_response

__all__ = ["SSERegistrar", "make_sse_response"]
