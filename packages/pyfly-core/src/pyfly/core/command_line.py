# SPDX-License-Identifier: Apache-2.0
"""The settings that a command line gives."""

import os
from collections.abc import Mapping, Sequence
from typing import Final

from pyfly.context.runners import ApplicationArguments

# How a launcher hands its settings over to the processes that it starts: a JSON object of texts by key.
HANDED_OVER: Final = "_PYFLY_COMMAND_LINE"


def settings_of(args: Sequence[str] | None) -> Mapping[str, str]:
    """Return the settings by key: those that a launcher handed over, above them each ``--key=value``.

    Of an option that comes several times the last one counts; an option without a value is no setting.

    Args:
        args: The arguments without the program's name; None when the application was given none.
    """
    text = os.environ.get(HANDED_OVER)
    settings: dict[str, str] = _handed_over(text) if text else {}
    if args is None:
        return settings

    options = ApplicationArguments(args)
    for name in options.option_names:
        values = options.option_values(name)
        if values:
            settings[name] = values[-1]

    return settings


def _handed_over(text: str) -> dict[str, str]:
    # Only what a launcher starts needs the parser.
    import json

    settings: dict[str, str] = json.loads(text)
    return settings
