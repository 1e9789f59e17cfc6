# SPDX-License-Identifier: Apache-2.0
"""The drills at length: `python -m drill --restarts 100`."""

import argparse
import os
import sys
from collections.abc import Coroutine, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from drill.commands import GRACEFUL_TIMEOUT, SERVERS, own_command, pyfly_run
from drill.deploy import drill_reloads, drill_restarts, run
from drill.findings import Findings
from drill.instance import Command


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m drill", description=__doc__)
    parser.add_argument("--server", action="append", choices=SERVERS, help="repeatable  [default: all]")
    parser.add_argument("--workers", action="append", type=int, help="repeatable  [default: 1 and 2]")
    parser.add_argument(
        "--restarts", type=int, default=int(os.environ.get("DRILL_RESTARTS", "100")),
        help="of each combination  [default: DRILL_RESTARTS, else 100]",
    )  # fmt: skip
    parser.add_argument(
        "--reloads", type=int, default=int(os.environ.get("DRILL_RELOADS", "20")),
        help="with SIGHUP, where there are several workers  [default: DRILL_RELOADS, else 20]",
    )  # fmt: skip
    parser.add_argument("--own", action="store_true", help="the servers' own commands, to compare with")
    arguments = parser.parse_args()
    make, called = (own_command, "its own command") if arguments.own else (pyfly_run, "pyfly run")
    problems = 0
    for server in arguments.server or SERVERS:
        for workers in arguments.workers or (1, 2):
            title = f"{server} with {workers} worker{'s' * (workers > 1)}, {called}"
            command = make(server, workers)
            for drill in drills(title, command, workers, arguments.restarts, arguments.reloads):
                findings = run(drill)
                print(findings.report(), flush=True)
                problems += len(findings.problems())

    return 1 if problems else 0


def drills(
    title: str, command: Command, workers: int, restarts: int, reloads: int
) -> Iterator[Coroutine[Any, Any, Findings]]:
    with TemporaryDirectory(prefix="drill-") as folder:
        if restarts:
            yield drill_restarts(
                title, command, Path(folder), restarts=restarts, graceful_timeout=GRACEFUL_TIMEOUT
            )

        if reloads and workers > 1:
            yield drill_reloads(
                title, command, Path(folder), reloads=reloads, graceful_timeout=GRACEFUL_TIMEOUT
            )


if __name__ == "__main__":
    sys.exit(main())
