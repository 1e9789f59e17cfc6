# SPDX-License-Identifier: Apache-2.0
"""The version of the framework."""


def framework_version() -> str:
    """Give the installed version of the core."""
    # Only a printed banner needs it, and importing it costs as much as all of the core.
    from importlib.metadata import version

    return version("pyfly-core")
