# SPDX-License-Identifier: Apache-2.0
"""The command ``pyfly config``."""

import click

from pyfly.cli.inspection.options import Inspection, inspection_options


class _SettingsGroup(click.Group):
    """Takes whatever is no name of a command for arguments of ``show``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] not in ctx.help_option_names):
            args = ["show", *args]

        return super().parse_args(ctx, args)


@click.group("config", cls=_SettingsGroup, subcommand_metavar="[show|docs] [OPTIONS] [PREFIX]")
def config_cmd() -> None:
    """Show the settings of this folder and what there is to set.

    Without a name of a command, `pyfly config [PREFIX]` is `pyfly config show [PREFIX]`.
    """


@config_cmd.command("show")
@click.argument("prefix", default="")
@click.option("--changed", is_flag=True, help="Only what differs from its default.")
@inspection_options
def show_command(inspection: Inspection, prefix: str, changed: bool) -> None:
    """Show each setting as it applies, and where its value comes from.

    Secrets are hidden. PREFIX is the beginning of a key, such as pyfly.server; `pyfly.` may be left out. A
    key that nothing reads is marked. An application that cannot be imported only leaves a warning: it cannot
    tell which keys of its own there are.
    """
    from pyfly.cli.inspection.folder import look_into
    from pyfly.cli.inspection.settings import remote_settings_payload, settings_payload, show_settings

    if inspection.url is None:
        payload = inspection.in_place(
            lambda directory: look_into(
                directory,
                inspection.app,
                lambda folder: settings_payload(folder, prefix=prefix, changed=changed),
            )
        )
    else:
        env = inspection.remote(inspection.url).get("env")
        payload = remote_settings_payload(env, prefix=prefix, changed=changed)

    inspection.print(payload, show_settings)


@config_cmd.command("docs")
@click.argument("prefix", default="")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def docs_command(prefix: str, as_json: bool) -> None:
    """Describe the keys that the installed distributions read.

    PREFIX is the beginning of a key, such as pyfly.server; `pyfly.` may be left out.
    """
    from pyfly.cli.inspection.declared_keys import show_keys
    from pyfly.cli.output import note, print_json
    from pyfly.config.effective_settings import is_under
    from pyfly.config.metadata import as_json as metadata
    from pyfly.config.metadata import installed_keys

    keys = [key for key in installed_keys() if is_under(key.key, prefix)]
    if as_json:
        print_json(metadata(keys))
    elif keys:
        show_keys(keys)
    else:
        note(f"No installed distribution declares a key under {prefix!r}.")
