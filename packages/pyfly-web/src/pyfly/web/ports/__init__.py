# SPDX-License-Identifier: Apache-2.0
"""The ports of the web layer."""

from pyfly.web.ports.described import DescribedApplication
from pyfly.web.ports.filter import CallNext, WebFilter
from pyfly.web.ports.outbound import WebServerPort
from pyfly.web.ports.request import Request

__all__ = ["CallNext", "DescribedApplication", "Request", "WebFilter", "WebServerPort"]
