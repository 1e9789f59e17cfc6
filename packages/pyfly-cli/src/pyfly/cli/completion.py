# SPDX-License-Identifier: Apache-2.0
"""The command ``pyfly completion``."""

import click
from click.shell_completion import get_completion_class

COMPLETE_VARIABLE = "_PYFLY_COMPLETE"


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion_cmd(ctx: click.Context, shell: str) -> None:
    """Print the script that completes the words of this command.

    For bash, put into ~/.bashrc: eval "$(pyfly completion bash)"

    For zsh, put into ~/.zshrc: eval "$(pyfly completion zsh)"

    For fish, put into ~/.config/fish/config.fish: pyfly completion fish | source
    """
    completion = get_completion_class(shell)
    if completion is None:
        raise click.UsageError(f"click knows no completion for {shell}.", ctx)

    click.echo(completion(ctx.find_root().command, {}, "pyfly", COMPLETE_VARIABLE).source())
