# SPDX-License-Identifier: Apache-2.0
import subprocess
import sys

STUCK = """
import threading
from pyfly.server.watchdog import Watchdog

watchdog = Watchdog(0.5)
watchdog.start()
{then}
print("stuck", flush=True)
threading.Event().wait({wait})
print("went on", flush=True)
"""


def run(then, wait):
    code = STUCK.format(then=then, wait=wait)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)


def test_process_that_is_stuck_ends_with_code_0_and_says_so():
    done = run("watchdog.start()", wait="")

    assert (done.returncode, done.stdout) == (0, "stuck\n")
    assert "graceful_timeout_exceeded" in done.stderr


def test_process_whose_stop_is_complete_goes_on():
    done = run("watchdog.cancel()", wait="1.5")

    assert (done.returncode, done.stdout, done.stderr) == (0, "stuck\nwent on\n", "")
