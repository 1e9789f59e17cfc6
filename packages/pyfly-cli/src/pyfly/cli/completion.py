# SPDX-License-Identifier: Apache-2.0
"""The command ``pyfly completion``."""

import click
from click.shell_completion import get_completion_class

COMPLETE_VARIABLE = "_PYFLY_COMPLETE"


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion_cmd(ctx: click.Context, shell: str) -> None:
    r"""Print the script that completes the words of this command.

    \b
    bash:  eval "$(pyfly completion bash)"         in ~/.bashrc
    zsh:   eval "$(pyfly completion zsh)"          in ~/.zshrc
    fish:  pyfly completion fish | source          in ~/.config/fish/config.fish
    """
    completion = get_completion_class(shell)
    if completion is None:
        raise click.UsageError(f"click knows no completion for {shell}.", ctx)

    click.echo(completion(ctx.find_root().command, {}, "pyfly", COMPLETE_VARIABLE).source())
