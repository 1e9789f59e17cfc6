# SPDX-License-Identifier: Apache-2.0
"""Projects that `pyfly run` can serve, with the applications of the folder beside this file."""

import json
import resource
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

APPLICATIONS = Path(__file__).parent / "applications"
SERVERS = ("granian", "uvicorn", "hypercorn")


class Served(NamedTuple):
    """A service that runs, its folder, and the port that it listens on."""

    process: Any
    folder: Path
    port: int

    def path(self, name: str) -> Path:
        """Return the path of a file that the application writes."""
        return self.folder / name


def write_project(folder: Path, application: str, port: int, server: dict[str, object]) -> None:
    """Write a project with one of the applications, as the module ``shop.main``."""
    package = folder / "src" / "shop"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    shutil.copy(APPLICATIONS / f"{application}.py", package / "main.py")
    settings = {"host": "127.0.0.1", "port": port, **server}
    document = {"pyfly": {"app": {"module": "shop.main:app"}, "banner": {"mode": "OFF"}, "server": settings}}
    # JSON is YAML.
    (folder / "pyfly.yaml").write_text(json.dumps(document))


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest) -> str:
    """Run the test once for each server."""
    return str(request.param)


@pytest.fixture
def project(tmp_path: Path, free_port: Callable[[], int]) -> Callable[..., tuple[Path, int]]:
    """Write a project: ``project(workers=2)`` sets ``pyfly.server.workers`` and returns folder and port."""

    def write(application: str = "shop", **settings: object) -> tuple[Path, int]:
        port = free_port()
        write_project(tmp_path, application, port, settings)
        return tmp_path, port

    return write


@pytest.fixture
def serve(project: Any, pyfly_run: Any) -> Callable[..., Served]:
    """Run an application: ``serve("stall", type="uvicorn", workers=2)``; all workers serve on return."""

    def start(application: str, *, env: dict[str, str] | None = None, **settings: object) -> Served:
        folder, port = project(application, **settings)
        process = pyfly_run(cwd=folder, env=env)
        process.wait_for_output("server_started")
        process.wait_for_port(port)
        return Served(process, folder, port)

    return start


@pytest.fixture(scope="module")
def module_serve(
    tmp_path_factory: pytest.TempPathFactory, module_pyfly_run: Any, free_port: Callable[[], int]
) -> Callable[..., Served]:
    """Do as `serve`, for all tests of a module."""

    def start(application: str, **settings: object) -> Served:
        folder, port = tmp_path_factory.mktemp("project"), free_port()
        write_project(folder, application, port, settings)
        process = module_pyfly_run(cwd=folder)
        process.wait_for_output("server_started")
        process.wait_for_port(port)
        return Served(process, folder, port)

    return start


@pytest.fixture
def many_files() -> Iterator[int]:
    """Let this process, and those that it starts, open as many files as it may; return how many."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield hard
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
