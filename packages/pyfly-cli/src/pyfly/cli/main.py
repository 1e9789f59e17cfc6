# SPDX-License-Identifier: Apache-2.0
"""The entry point of the command."""

from importlib import import_module
from typing import Any

import click

from pyfly.cli.closed_pipe import reader_left
from pyfly.cli.failures import DEBUG, exit_with_report
from pyfly.cli.plugins import discover_cli_plugins

_COMMANDS = {
    "completion": ("pyfly.cli.completion", "completion_cmd"),
    "doctor": ("pyfly.cli.doctor", "doctor_command"),
    "info": ("pyfly.cli.info", "info_command"),
    "new": ("pyfly.cli.new", "new_command"),
    "run": ("pyfly.cli.run", "run_command"),
}


class PyFlyCLI(click.Group):
    """Import a command when it is asked for, add those of plugins, and turn exceptions into messages."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted({*_COMMANDS, *super().list_commands(ctx), *dict(discover_cli_plugins())})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command; the ones of this distribution come before those of plugins."""
        if cmd_name in _COMMANDS:
            module, attribute = _COMMANDS[cmd_name]
            command: click.Command = getattr(import_module(module), attribute)
            return command

        return super().get_command(ctx, cmd_name) or dict(discover_cli_plugins()).get(cmd_name)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; an exception that click does not know ends in ``Error: ...`` and exit code 1."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except Exception as error:
            if isinstance(error, BrokenPipeError) and reader_left():
                ctx.exit(0)

            exit_with_report(ctx, error)


def _show_versions(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if not wanted or ctx.resilient_parsing:
        return

    from pyfly.cli.distributions import installed_distributions

    for name, version in installed_distributions():
        click.echo(f"{name} {version}")

    ctx.exit()


@click.group(cls=PyFlyCLI, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_show_versions,
    help="Show the version of every installed PyFly distribution.",
)
@click.option("--debug", is_flag=True, envvar="PYFLY_DEBUG", help="Show the traceback of an error.")
@click.pass_context
def cli(ctx: click.Context, debug: bool) -> None:
    """Run and inspect PyFly applications."""
    ctx.meta[DEBUG] = debug
