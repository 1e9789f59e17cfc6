# SPDX-License-Identifier: Apache-2.0
"""The commands behind the hatch scripts: `python -m house <command>`."""

import argparse
import sys
from collections.abc import Callable

from house.import_contracts import check_imports
from house.type_check import check_types
from house.wheels import check_wheels
from house.workspace import Workspace

REFERENCE = "reference"
COMMANDS: dict[str, Callable[[Workspace], int]] = {
    "contracts": check_imports,
    "types": check_types,
    "wheels": check_wheels,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m house", description=__doc__)
    parser.add_argument("command", choices=sorted([*COMMANDS, REFERENCE]))
    parser.add_argument("--check", action="store_true", help=f"{REFERENCE}: only tell whether it is current")
    arguments = parser.parse_args()
    if arguments.command == REFERENCE:
        # It needs the distributions, which the environment of the other commands does without.
        from house.config_reference import write_reference

        return write_reference(Workspace.here(), check=arguments.check)

    return COMMANDS[arguments.command](Workspace.here())


if __name__ == "__main__":
    sys.exit(main())
