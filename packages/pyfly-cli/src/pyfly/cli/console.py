# SPDX-License-Identifier: Apache-2.0
"""The consoles of the command, with one set of styles."""

__all__ = ["PYFLY_THEME", "console", "err_console", "print_banner"]

from rich.console import Console
from rich.theme import Theme

from pyfly.cli.banner import print_banner

PYFLY_THEME = Theme(
    {
        "info": "cyan",
        "success": "bold green",
        "warning": "bold yellow",
        "error": "bold red",
        "pyfly": "bold magenta",
        "dim": "dim",
    }
)

console = Console(theme=PYFLY_THEME)
err_console = Console(theme=PYFLY_THEME, stderr=True)
