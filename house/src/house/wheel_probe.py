# SPDX-License-Identifier: Apache-2.0
"""Import all that installed distributions ship. Runs in the fresh environment: standard library only."""

import importlib
import re
import sys
import traceback
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import PurePosixPath


def shipped_modules(installed: Distribution) -> list[str]:
    """The import names of the Python files in the RECORD of a distribution."""
    files = [PurePosixPath(str(file)) for file in installed.files or ()]
    sources = [file.with_suffix("") for file in files if file.suffix == ".py" and ".." not in file.parts]
    return sorted(
        {".".join(file.parent.parts if file.name == "__init__" else file.parts) for file in sources}
    )


def optional_libraries(installed: Distribution) -> set[str]:
    """The distributions that only the extras ask for; a module that needs one is imported with the extra."""
    of_extras = [line for line in installed.requires or () if "extra ==" in line]
    return {re.split(r"[^\w.-]", line, maxsplit=1)[0].lower().replace("-", "_") for line in of_extras}


def failures(installed: Distribution) -> Iterator[str]:
    """Import each module and load each entry point; yield what went wrong."""
    optional = optional_libraries(installed)
    for module in shipped_modules(installed):
        try:
            importlib.import_module(module)
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] not in optional:
                yield f"import {module}: {traceback.format_exc()}"
        except Exception:  # any fault of an import is what the probe is looking for
            yield f"import {module}: {traceback.format_exc()}"

    for entry in installed.entry_points:
        try:
            entry.load()
        except Exception:
            yield f"entry point {entry.group}: {entry.name} = {entry.value}: {traceback.format_exc()}"


def main(names: list[str]) -> int:
    found = [f"{name}: {failure}" for name in names for failure in failures(distribution(name))]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
