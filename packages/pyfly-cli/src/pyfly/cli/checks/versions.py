# SPDX-License-Identifier: Apache-2.0
"""Check that the installed distributions fit together."""

from collections.abc import Iterator

from pyfly.cli.checks.result import CheckResult
from pyfly.cli.distributions import pyfly_distributions
from pyfly.cli.requirements import Unmet, unmet_requirements

_CHECK = "Versions"


def check_versions() -> Iterator[CheckResult]:
    """Compare what each PyFly distribution requires with what is installed."""
    installed = pyfly_distributions()
    unmet = [it for distribution in installed for it in unmet_requirements(distribution)]
    for it in dict.fromkeys(unmet):
        yield CheckResult(_CHECK, "failure", _message(it), f'pip install "{it.requirement}"')

    if not unmet:
        yield CheckResult(_CHECK, "ok", f"{len(installed)} distributions of PyFly fit together")


def _message(unmet: Unmet) -> str:
    found = f"{unmet.installed} is installed" if unmet.installed else "it is not installed"
    return f"{unmet.by} requires {unmet.requirement}, but {found}"
