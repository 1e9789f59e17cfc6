# SPDX-License-Identifier: Apache-2.0
"""Handler parameters, compiled into plain functions of a request."""

from pyfly.web.binding.exchange import BodyState, Exchange
from pyfly.web.binding.parameters import BoundParameter, compile_parameters

__all__ = ["BodyState", "BoundParameter", "Exchange", "compile_parameters"]
