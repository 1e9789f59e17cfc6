# SPDX-License-Identifier: Apache-2.0
"""How the command ends when something goes wrong."""

from typing import NoReturn

import click

DEBUG = "pyfly.cli.debug"


def exit_with_report(ctx: click.Context, error: Exception) -> NoReturn:
    """Print an error to standard error and exit with code 1.

    Args:
        ctx: The context; its ``meta[DEBUG]`` tells whether to show the traceback.
        error: The error.
    """
    # Only a failure needs anything of the server.
    from pyfly.server.failure_report import report_failure

    click.echo(report_failure(error, debug=bool(ctx.meta.get(DEBUG))), err=True, nl=False)
    ctx.exit(1)
