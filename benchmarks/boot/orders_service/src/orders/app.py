# SPDX-License-Identifier: Apache-2.0
"""The application: its name, and where its beans are."""

from pyfly.core import pyfly_application


@pyfly_application(name="orders", version="1.0.0", scan_packages=["orders"])
class Application:
    """Takes orders and tells what became of them."""
