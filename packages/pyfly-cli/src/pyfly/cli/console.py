# SPDX-License-Identifier: Apache-2.0
"""The consoles of the command, with one set of styles."""

from rich.console import Console
from rich.theme import Theme

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
