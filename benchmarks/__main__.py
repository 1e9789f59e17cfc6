# SPDX-License-Identifier: Apache-2.0
"""Run one suite, or all: `python -m benchmarks <suite>`."""

import argparse
import subprocess
import sys
from importlib import import_module
from pathlib import Path

from benchmarks.machine import describe_machine
from benchmarks.results import replace_section

SUITES = ("di", "boot", "config", "logging", "web", "server")
RESULTS = Path(__file__).with_name("RESULTS.md")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("suite", choices=[*SUITES, "all"])
    parser.add_argument("--repeats", type=int, help="samples of each contender  [default: the suite's own]")
    parser.add_argument("--seed", type=int, default=1, help="order of the contenders  [default: 1]")
    parser.add_argument("--no-write", action="store_true", help=f"leave {RESULTS.name} as it is")
    arguments = parser.parse_args()
    if arguments.suite == "all":
        # One suite sets up what the next would run with, logging above all: each has a process of its own.
        options = sys.argv[1:]
        options.remove("all")
        return max(
            subprocess.run([sys.executable, "-m", "benchmarks", name, *options]).returncode for name in SUITES
        )

    name = arguments.suite
    suite = import_module(f"benchmarks.{name}.suite")
    report = suite.run(
        machine=describe_machine(suite.DISTRIBUTIONS),
        repeats=arguments.repeats or suite.REPEATS,
        seed=arguments.seed,
    )
    print(report.as_text(), flush=True)
    if not arguments.no_write:
        replace_section(RESULTS, name, report.as_markdown())

    return 0


if __name__ == "__main__":
    sys.exit(main())
