# SPDX-License-Identifier: Apache-2.0
"""The command ``pyfly doctor``."""

import sys
from collections import Counter
from contextlib import redirect_stdout
from pathlib import Path

import click

from pyfly.cli.checks.result import CheckResult
from pyfly.cli.environment import applied

_STYLES = {"ok": "success", "warning": "warning", "failure": "error"}


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--strict", is_flag=True, help="Exit with code 1 when a check fails.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=10.0,
    show_default=True,
    metavar="SECONDS",
    help="How long each check of a plug-in may take.",
)
@click.pass_context
def doctor_command(ctx: click.Context, as_json: bool, strict: bool, timeout: float) -> None:
    """Look for what keeps the application of this folder from running, and tell what to do."""
    # Imported late: the help of the command needs none of the checks.
    from pyfly.cli.checks.examination import examine

    directory = Path.cwd()
    # What is loaded may print; standard output is for the results.
    with applied({}, directory), redirect_stdout(sys.stderr):
        results = examine(directory, timeout)

    counts = Counter[str](result.state for result in results)
    if as_json:
        _print_json(results, counts)
    else:
        _print(results, counts)

    if strict and counts["failure"]:
        ctx.exit(1)


def _print_json(results: list[CheckResult], counts: Counter[str]) -> None:
    from pyfly.cli.output import print_json

    checks = [
        {"check": it.check, "state": it.state, "message": it.message, "advice": it.advice} for it in results
    ]
    summary = {"ok": counts["ok"], "warnings": counts["warning"], "failures": counts["failure"]}
    print_json({"results": checks, "summary": summary})


def _print(results: list[CheckResult], counts: Counter[str]) -> None:
    from pyfly.cli.output import Styled, table

    rows = [(Styled(it.state, _STYLES[it.state]), it.check, it.message, it.advice) for it in results]
    table("PyFly Doctor", ["State", "Check", "Result", "Advice"], rows)
    warnings, failures = _counted(counts["warning"], "warning"), _counted(counts["failure"], "failure")
    click.echo(f"\n{counts['ok']} ok, {warnings}, {failures}")


def _counted(number: int, name: str) -> str:
    return f"{number} {name}" if number == 1 else f"{number} {name}s"
