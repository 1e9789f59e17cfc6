# SPDX-License-Identifier: Apache-2.0
import sys
from itertools import product
from pathlib import Path

import pytest

from drill.commands import GRACEFUL_TIMEOUT, SERVERS, pyfly_run
from drill.deploy import drill_reloads, drill_restarts, run

RESTARTS = 4
RELOADS = 2

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="SIGTERM and SIGHUP are POSIX"),
    pytest.mark.timeout(300),
]


@pytest.mark.parametrize(("server", "workers"), list(product(SERVERS, (1, 2))))
def test_no_request_is_lost_while_instances_are_restarted_in_turn(server: str, workers: int, tmp_path: Path):
    command = pyfly_run(server, workers)

    findings = run(
        drill_restarts(server, command, tmp_path, restarts=RESTARTS, graceful_timeout=GRACEFUL_TIMEOUT)
    )

    assert not findings.problems(), findings.report()


@pytest.mark.parametrize("server", SERVERS)
def test_no_request_is_lost_while_the_workers_of_an_instance_are_replaced(server: str, tmp_path: Path):
    command = pyfly_run(server, 2)

    findings = run(
        drill_reloads(server, command, tmp_path, reloads=RELOADS, graceful_timeout=GRACEFUL_TIMEOUT)
    )

    assert not findings.problems(), findings.report()
    assert findings.reloads == RELOADS
