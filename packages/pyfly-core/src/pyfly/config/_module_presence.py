# SPDX-License-Identifier: Apache-2.0
"""Tell whether a module could be imported, without importing it."""

import logging
import sys
from importlib.util import find_spec

_logger = logging.getLogger("pyfly.config")


def module_present(module_name: str) -> bool:
    """Report whether a module can be found.

    The parents of a dotted name are imported, the module itself is not. A parent that is broken rather than
    absent counts as absent and leaves a warning, so that a half-installed library never stops the start.

    Args:
        module_name: The dotted name of the module.
    """
    if module_name in sys.modules:
        return sys.modules[module_name] is not None

    try:
        return find_spec(module_name) is not None
    except Exception as failure:
        if not _absent(module_name, failure):
            _logger.warning(
                "module_presence_check_failed",
                extra={"module_name": module_name, "error": f"{type(failure).__name__}: {failure}"},
            )

        return False


def _absent(module_name: str, failure: Exception) -> bool:
    if not isinstance(failure, ModuleNotFoundError) or failure.name is None:
        return False

    return module_name == failure.name or module_name.startswith(failure.name + ".")
