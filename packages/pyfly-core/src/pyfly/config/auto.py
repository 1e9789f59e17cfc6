# SPDX-License-Identifier: Apache-2.0
"""Which auto-configurations the installed distributions bring."""

import sys
from collections.abc import Collection

from pyfly.config._module_presence import module_present

__all__ = ["AutoConfiguration", "discover_auto_configurations"]


class AutoConfiguration:
    """Answer what auto-configurations ask before they offer beans."""

    @staticmethod
    def is_available(module_name: str) -> bool:
        """Tell whether a module can be imported, without importing it.

        The packages around a module within a package are imported.
        """
        return module_present(module_name)


def discover_auto_configurations(exclude: Collection[str] = ()) -> list[type]:
    """Return the auto-configurations of all installed distributions, in the order of their entry-point names.

    One whose module needs a library that is not installed is left out. The result is kept for the process, as
    long as ``sys.path`` stays the same.

    Args:
        exclude: Auto-configurations that are not even imported: entry-point names, ``module:Class`` or
            ``module.Class``.

    Raises:
        AutoConfigurationError: If an entry point cannot be loaded for any other reason.
    """
    # The metadata of distributions is read with the mail parser, which is a lot to import for nothing.
    from pyfly.config._discovery import discover

    return list(discover(frozenset(exclude), tuple(sys.path)))
