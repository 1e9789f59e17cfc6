# SPDX-License-Identifier: Apache-2.0
"""Fresh environments for built wheels."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from house import wheel_probe
from house.wheel_rules import Wheel

UV = (sys.executable, "-m", "uv")
_LONGEST_STEP = 600.0  # seconds for one command, downloads included


class StepError(RuntimeError):
    """A command of the wheel check failed."""

    def __init__(self, command: Sequence[str], output: str) -> None:
        super().__init__(command, output)
        self.command = command
        self.output = output

    def __str__(self) -> str:
        return f"{' '.join(self.command)}\n{self.output}"


def run_step(command: Sequence[str]) -> str:
    """Run one command and give its output.

    Raises:
        StepError: The command failed; the error carries all that it printed.
    """
    # The environment of the caller must not leak into the fresh one.
    environment = {
        name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")
    }
    done = subprocess.run(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_LONGEST_STEP,
    )
    if done.returncode:
        raise StepError(command, done.stdout)

    return done.stdout


def install_failures(requirement: str, probed: Sequence[str], local: Sequence[Wheel]) -> Iterator[str]:
    """Install one requirement into a fresh environment and import what the probed distributions ship.

    Args:
        requirement: What is installed, `pyfly-web` or `pyfly[all]`.
        probed: Names of the distributions whose modules and entry points are loaded.
        local: The built wheels; they win over any index, so that siblings are those of this build.
    """
    with tempfile.TemporaryDirectory(prefix="wheel-") as folder:
        pins = Path(folder, "pins.txt")
        pins.write_text(
            "".join(f"{wheel.name} @ {wheel.path.resolve().as_uri()}\n" for wheel in local), "utf-8"
        )
        environment = Path(folder, "env")
        python = environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
        try:
            run_step([*UV, "venv", "--quiet", "--no-project", "--python", sys.executable, str(environment)])
            run_step(
                [
                    *UV,
                    "pip",
                    "install",
                    "--quiet",
                    "--python",
                    str(python),
                    "--constraints",
                    str(pins),
                    requirement,
                ]
            )
            run_step([str(python), "-I", str(wheel_probe.__file__), *probed])
        except StepError as error:
            yield f"{requirement}, installed alone: {error}"
