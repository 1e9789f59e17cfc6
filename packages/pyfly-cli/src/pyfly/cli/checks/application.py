# SPDX-License-Identifier: Apache-2.0
"""Check that there is an application to run, without importing it."""

from pathlib import Path

from pyfly.cli.checks.result import CheckResult, failure_of
from pyfly.cli.discovery import ApplicationNotFoundError, discover_application
from pyfly.cli.import_target import check_target
from pyfly.config.store import Config
from pyfly.server.exceptions import ApplicationImportError

_CHECK = "Application"


def check_application(config: Config, directory: Path) -> CheckResult:
    """Find the application as ``pyfly run`` does, and look whether its import string can lead to it.

    Args:
        config: The configuration.
        directory: The project's folder; it and its ``src`` are on ``sys.path``.

    Returns:
        A warning when there is none: a library has none, either.
    """
    try:
        target = discover_application(config, directory)
        check_target(target, directory)
    except ApplicationNotFoundError as error:
        return failure_of(_CHECK, error, "warning")
    except ApplicationImportError as error:
        return failure_of(_CHECK, error)

    return CheckResult(_CHECK, "ok", f"{target} (not imported)")
