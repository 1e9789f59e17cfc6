# SPDX-License-Identifier: Apache-2.0
"""The entry point of the command."""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from pyfly.cli.closed_pipe import reader_left
from pyfly.cli.failures import DEBUG, exit_with_report
from pyfly.cli.last_signals import end_with
from pyfly.cli.plugins import discover_cli_plugins

_COMMANDS = {
    "beans": ("pyfly.cli.introspect_cmds", "beans_cmd"),
    "completion": ("pyfly.cli.completion", "completion_cmd"),
    "conditions": ("pyfly.cli.introspect_cmds", "conditions_cmd"),
    "config": ("pyfly.cli.config", "config_cmd"),
    "doctor": ("pyfly.cli.doctor", "doctor_command"),
    "env": ("pyfly.cli.introspect_cmds", "env_cmd"),
    "info": ("pyfly.cli.info", "info_command"),
    "new": ("pyfly.cli.new", "new_command"),
    "openapi": ("pyfly.cli.openapi", "openapi_cmd"),
    "routes": ("pyfly.cli.introspect_cmds", "routes_cmd"),
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

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is asked for; name the nearest ones when there is none."""
        name = args[0]
        if not name.startswith("-") and not ctx.resilient_parsing and self.get_command(ctx, name) is None:
            # Few need the comparison.
            from difflib import get_close_matches

            near = get_close_matches(name, self.list_commands(ctx))
            meant = f" Did you mean {' or '.join(near)}?" if near else ""
            raise click.UsageError(f"No such command {name!r}.{meant}", ctx)

        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands in sections."""
        from pyfly.cli.help_sections import sections_of

        commands = {name: self.get_command(ctx, name) for name in self.list_commands(ctx)}
        shown = {name: command for name, command in commands.items() if command and not command.hidden}
        room = formatter.width - 6 - max(map(len, shown))
        for title, names in sections_of(shown):
            with formatter.section(title):
                formatter.write_dl([(name, shown[name].get_short_help_str(room)) for name in names])

    def main(self, args: Sequence[str] | None = None, *rest: Any, **options: Any) -> Any:
        """Run the command line; see `click.Group.main`."""
        if args is not None:
            return super().main(args, *rest, **options)

        try:
            return super().main(args, *rest, **options)
        except SystemExit as end:
            end_with(end.code if isinstance(end.code, int) else 1)
            raise

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
