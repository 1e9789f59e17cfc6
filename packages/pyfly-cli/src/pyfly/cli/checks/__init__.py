# SPDX-License-Identifier: Apache-2.0
"""The checks of ``pyfly doctor``, and what checks of other distributions are made of."""

__all__ = ["CHECKS_GROUP", "CheckResult", "failure_of"]

from pyfly.cli.checks.result import CHECKS_GROUP, CheckResult, failure_of
