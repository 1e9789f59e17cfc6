# SPDX-License-Identifier: Apache-2.0
"""All checks, in their order."""

from pathlib import Path

from pyfly.cli.checks.application import check_application
from pyfly.cli.checks.configuration import check_configuration
from pyfly.cli.checks.entry_points import check_entry_points
from pyfly.cli.checks.environment import check_environment
from pyfly.cli.checks.plugged_in import check_plugged_in
from pyfly.cli.checks.reachability import check_reachability
from pyfly.cli.checks.result import CheckResult
from pyfly.cli.checks.server import check_server
from pyfly.cli.checks.versions import check_versions


def examine(directory: Path, seconds: float) -> list[CheckResult]:
    """Run all checks.

    Args:
        directory: The project's folder; it and its ``src`` are on ``sys.path``.
        seconds: How long each check of another distribution may take.

    Returns:
        What they found. Without a readable configuration, what depends on it is left out.
    """
    results = [*check_environment(directory), *check_versions(), *check_entry_points()]
    config, found = check_configuration(directory)
    results += found
    if config is None:
        return results

    application = check_application(config, directory)
    return [
        *results,
        application,
        *check_server(config, needed=application.state != "warning"),
        *check_reachability(config),
        *check_plugged_in(config, seconds),
    ]
