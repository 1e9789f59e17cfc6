# SPDX-License-Identifier: Apache-2.0
"""What the web layer asks of an adapter."""

from pyfly.web.ports.outbound import WebServerPort

__all__ = ["WebServerPort"]
