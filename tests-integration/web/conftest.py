# SPDX-License-Identifier: Apache-2.0
"""A real browser for tests of what pages do.

Tests that need it are skipped where Chromium or its driver is missing, and fail there when
``PYFLY_REQUIRE_SERVICES`` is ``1``.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

PAGE_LOAD_DEADLINE = 60
"""Seconds that a page, or a script that a test runs in it, may take."""

SERVICE_START_DEADLINE = 30
"""Seconds until a service listens."""

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
DRIVERS = ("chromedriver", "chromium.chromedriver")
ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1400,1000",
)


class RunningService(NamedTuple):
    """A service that listens on a port, and the file with its output."""

    port: int
    log: Path


def find_program(names: tuple[str, ...]) -> str:
    """Return the path of the first program that is installed; skip or fail the test if none is."""
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is not None:
        return found

    missing = f"none of {', '.join(names)} is installed"
    if os.environ.get("PYFLY_REQUIRE_SERVICES") == "1":
        pytest.fail(f"{missing}, and PYFLY_REQUIRE_SERVICES=1 asks for it")

    pytest.skip(missing)


@pytest.fixture
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """Start headless Chromium with an empty profile, and end it with the test.

    ``browser.get_log("browser")`` gives what pages wrote to the console, ``browser.get_log("performance")``
    the events of the network.
    """
    options = ChromeOptions()
    options.binary_location = find_program(BROWSERS)
    for argument in (*ARGUMENTS, f"--user-data-dir={profile(tmp_path_factory)}"):
        options.add_argument(argument)

    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = Chrome(options=options, service=Service(find_program(DRIVERS)))
    try:
        driver.set_page_load_timeout(PAGE_LOAD_DEADLINE)
        driver.set_script_timeout(PAGE_LOAD_DEADLINE)
        yield driver
    finally:
        driver.quit()


def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an empty folder for what the browser remembers."""
    return tmp_path_factory.mktemp("browser-profile")


@pytest.fixture(scope="module")
def module_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Path], RunningService]]:
    """Run the service of a folder for all tests of a module: ``module_run(folder).port``."""
    started: list[subprocess.Popen[bytes]] = []

    def run(folder: Path) -> RunningService:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])

        log = tmp_path_factory.mktemp("service") / "output.log"
        pyfly = str(Path(sys.executable).parent / "pyfly")
        command = [pyfly, "run", "--host", "127.0.0.1", "--port", str(port)]
        environment = {key: value for key, value in os.environ.items() if "PYFLY_" not in key.upper()}
        with log.open("wb") as output:
            started.append(
                subprocess.Popen(
                    command,
                    cwd=folder,
                    env=environment,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            )

        deadline = time.monotonic() + SERVICE_START_DEADLINE
        while not _answers(port):
            if time.monotonic() > deadline or started[-1].poll() is not None:
                pytest.fail(f"the service does not listen:\n{log.read_text()}")

            time.sleep(0.02)

        return RunningService(port, log)

    yield run
    for process in started:
        with suppress(ProcessLookupError):  # it may have ended by itself
            os.killpg(process.pid, signal.SIGKILL)

        process.wait()


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False

    return True
