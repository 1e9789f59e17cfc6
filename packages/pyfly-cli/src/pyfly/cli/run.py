# SPDX-License-Identifier: Apache-2.0
"""The command ``pyfly run``."""

from pathlib import Path

import click

from pyfly.cli.environment import applied, launch_environment
from pyfly.cli.failures import DEBUG
from pyfly.cli.options import launch_options


def _worker_count(ctx: click.Context, param: click.Parameter, value: str | None) -> int | None:
    if value is None:
        return None

    if value == "auto":
        from pyfly.cli.cpus import usable_cpus

        return usable_cpus()

    try:
        return int(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is neither a number nor 'auto'.", ctx, param) from None


@click.command("run")
@click.option("--host", help="Address to bind.  [default: pyfly.server.host, else 0.0.0.0]")
@click.option(
    "--port", type=click.IntRange(0, 65535), help="TCP port to bind.  [default: pyfly.server.port, else 8000]"
)
@click.option(
    "--server", help="auto or the name of an installed server.  [default: pyfly.server.type, else auto]"
)
@click.option(
    "--workers",
    callback=_worker_count,
    metavar="NUMBER|auto",
    help="Worker processes; auto: one per usable CPU.  [default: pyfly.server.workers]",
)
@click.option("--reload", is_flag=True, help="Start the application anew when its files change.")
@click.option(
    "--watch",
    "watched",
    multiple=True,
    metavar="FOLDER",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Watch this folder too, all its files; implies --reload; repeatable.",
)
@launch_options
@click.option("--debug", is_flag=True, help="Log at DEBUG; show the condition report and tracebacks.")
@click.pass_context
def run_command(
    ctx: click.Context,
    host: str | None,
    port: int | None,
    server: str | None,
    workers: int | None,
    reload: bool,
    watched: tuple[Path, ...],
    app: str | None,
    profiles: tuple[str, ...],
    defines: tuple[str, ...],
    env_vars: tuple[str, ...],
    debug: bool,
) -> None:
    """Serve the application of this folder.

    An option wins over --define, that over the environment, the files of active profiles, the base file, and
    the defaults, in this order.
    """
    if watched and not reload:
        click.echo("--watch implies --reload.", err=True)

    ctx.meta[DEBUG] = debug or ctx.meta.get(DEBUG, False)
    variables = launch_environment(
        profiles=profiles,
        defines=defines,
        env_vars=env_vars,
        settings={
            "pyfly.server.host": host,
            "pyfly.server.port": port,
            "pyfly.server.type": server,
            "pyfly.server.workers": workers,
        },
        debug=debug,
    )
    directory = Path.cwd()
    with applied(variables, directory):
        # Imported late: `pyfly run --help` needs neither a configuration nor a server.
        from pyfly.cli.launch import launch

        launch(directory, app, watched=watched if reload or watched else None)
