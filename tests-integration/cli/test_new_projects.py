# SPDX-License-Identifier: Apache-2.0
"""Projects of ``pyfly new`` as readers use them: made by installed wheels, then each command of the README.

Everything is downloaded from the package index. Where there is none, the tests are skipped; with
``PYFLY_REQUIRE_SERVICES=1`` they fail.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from house.wheel_install import UV, StepError, run_step
from house.wheels import build_wheels
from house.workspace import Workspace

pytestmark = pytest.mark.timeout(900)

REPOSITORY = Workspace(Path(__file__).parents[2])
STEP_DEADLINE = 600.0
"""Seconds for one command, downloads included."""


@dataclass(frozen=True)
class Wheels:
    """The built wheels: their folder, and a file that pins each distribution to its wheel."""

    folder: Path
    pins: Path


@dataclass(frozen=True)
class Project:
    """A project that was made: its folder, and the commands of its README by section."""

    folder: Path
    commands: Mapping[str, list[str]]
    environment: Mapping[str, str]

    def run(self, *command: str, **variables: str) -> str:
        """Run a command in the folder, in the environment of its reader, and return what it prints."""
        done = subprocess.run(
            command,
            cwd=self.folder,
            env={**self.environment, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=STEP_DEADLINE,
        )
        assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}"
        return done.stdout

    def run_section(self, title: str) -> str:
        """Run the commands of a section of the README."""
        return "".join(self.run("bash", "-c", command) for command in self.commands[title])


def commands_of(readme: str) -> dict[str, list[str]]:
    """Return the lines of the bash blocks by the title of their section."""
    found: dict[str, list[str]] = {}
    title, fenced = "", False
    for line in readme.splitlines():
        if line.startswith("## "):
            title = line.removeprefix("## ")
        elif line.startswith("```"):
            fenced = line == "```bash"
        elif fenced:
            found.setdefault(title, []).append(line)

    return found


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Wheels:
    probe = tmp_path_factory.mktemp("probe")
    try:
        run_step([*UV, "venv", "--quiet", "--no-project", str(probe)])
        pip = [*UV, "pip", "install", "--quiet", "--python", str(probe)]
        run_step([*pip, "--dry-run", "--refresh-package", "hatchling", "hatchling"])
    except StepError as error:
        if os.environ.get("PYFLY_REQUIRE_SERVICES") == "1":
            pytest.fail(f"no package index, and PYFLY_REQUIRE_SERVICES=1 asks for it: {error}")

        pytest.skip(f"no package index: {error}")

    folder = tmp_path_factory.mktemp("wheels")
    built = build_wheels(REPOSITORY.distributions, folder / "dist")
    pins = folder / "pins.txt"
    pins.write_text("".join(f"{wheel.name} @ {wheel.path.as_uri()}\n" for wheel in built))
    return Wheels(folder / "dist", pins)


@pytest.fixture(scope="module")
def install(wheels: Wheels, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Make an environment: ``install("pyfly[all]")`` returns the folder of its commands."""

    def make(*requirements: str) -> Path:
        folder = tmp_path_factory.mktemp("environment")
        run_step([*UV, "venv", "--quiet", "--no-project", "--python", sys.executable, str(folder)])
        pip = [*UV, "pip", "install", "--quiet", "--python", str(folder)]
        run_step([*pip, "--constraints", str(wheels.pins), *requirements])
        return folder / "bin"

    return make


@pytest.fixture(scope="module")
def tools(install: Callable[..., Path]) -> Path:
    """Everything of PyFly, and the linter of the projects."""
    return install("pyfly[all]", "ruff")


@pytest.fixture(scope="module")
def reader(wheels: Wheels, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment variables of somebody who has Python and nothing of this test run."""
    hidden = ("PYFLY_", "_PYFLY_", "PYTEST", "PYTHONPATH", "VIRTUAL_ENV", "UV_", "MYPY")
    kept = {name: text for name, text in os.environ.items() if not name.startswith(hidden)}
    return {
        **kept,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PIP_CONSTRAINT": str(wheels.pins),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        # pip reads the variable the other way round: nothing is compiled, which saves half the time.
        "PIP_NO_COMPILE": "0",
        "UV_FIND_LINKS": str(wheels.folder),
    }


@pytest.fixture(scope="module")
def make(
    tools: Path, reader: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., Project]:
    """Make a project: ``make("shop", "--archetype", "cli")``."""

    def new(name: str, *options: str) -> Project:
        folder = tmp_path_factory.mktemp("projects")
        run_step([str(tools / "pyfly"), "new", name, "--directory", str(folder), "--no-input", *options])
        project = folder / name
        return Project(project, commands_of((project / "README.md").read_text()), reader)

    return new


FASTAPI_SERVICE = ("shop", "--features", "fastapi,granian,structlog")
LIBRARY = ("acme-kit", "--archetype", "library", "--features", "validation")
PROGRAM = ("Greet-All", "--archetype", "cli", "--package", "greetings")


@pytest.fixture(scope="module")
def installed(make: Callable[..., Project]) -> Iterator[Callable[..., Project]]:
    """Return one of three projects, set up as its README says: ``installed(*LIBRARY)``."""

    def set_up(options: tuple[str, ...]) -> Project:
        project = make(*options)
        project.run_section("Set up")
        return project

    with ThreadPoolExecutor() as pool:
        projects = {options: pool.submit(set_up, options) for options in (FASTAPI_SERVICE, LIBRARY, PROGRAM)}
        yield lambda *options: projects[options].result()


@pytest.mark.parametrize("options", [FASTAPI_SERVICE, LIBRARY, PROGRAM], ids=["web-api", "library", "cli"])
def test_a_project_passes_its_own_checks(installed: Callable[..., Project], options: Sequence[str]) -> None:
    project = installed(*options)

    output = project.run_section("Check")

    assert [line.split("/")[-1].split()[0] for line in project.commands["Check"]] == [
        "pytest",
        "ruff",
        "ruff",
        "mypy",
    ]
    assert " passed" in output
    assert "All checks passed!" in output
    assert "already formatted" in output
    assert "Success: no issues found" in output
    assert "warning" not in output.lower()


def serve(project: Project, launch: Callable[..., Any], port: int) -> Any:
    (command,) = project.commands["Run"]
    variables = {"PYFLY_SERVER_PORT": str(port), "PYTHONPATH": ""}
    service = launch("bash", "-c", f"exec {command}", cwd=project.folder, env=variables)
    service.wait_for_port(port)
    return service


def test_a_service_runs_answers_and_stops(
    installed: Callable[..., Project], launch: Callable[..., Any], free_port: Callable[[], int]
) -> None:
    project = installed(*FASTAPI_SERVICE)
    port = free_port()
    service = serve(project, launch, port)

    answers = [project.run("bash", "-c", line.replace("8000", str(port))) for line in project.commands["Use"]]

    added, listed = answers
    assert "HTTP/1.1 201 Created" in added
    assert "HTTP/1.1 200 OK" in listed
    assert '"title":"Read the guide"' in listed
    assert httpx.get(f"http://127.0.0.1:{port}/docs", timeout=30).status_code == 200
    assert service.stop() == 0
    assert "WARN" not in service.output


@pytest.mark.parametrize("server", ["granian", "uvicorn", "hypercorn"])
def test_a_service_runs_on_each_server(
    make: Callable[..., Project],
    tools: Path,
    launch: Callable[..., Any],
    free_port: Callable[[], int],
    server: str,
) -> None:
    project = make("shop", "--features", f"web,{server}")
    port = free_port()

    command = [str(tools / "pyfly"), "run", "--server", server, "--port", str(port)]
    service = launch(*command, cwd=project.folder, env={"PYTHONPATH": ""})
    service.wait_for_port(port)

    assert httpx.get(f"http://127.0.0.1:{port}/todos", timeout=30).json() == []
    assert service.stop() == 0
    assert f"pyfly[web,{server},cli]" in (project.folder / "pyproject.toml").read_text()


def test_uv_sets_a_service_up_as_well(
    make: Callable[..., Project], launch: Callable[..., Any], free_port: Callable[[], int]
) -> None:
    project = make("todos", "--git")
    port = free_port()

    project.run(*UV, "sync", "--quiet", "--python", sys.executable)
    project.run_section("Check")
    service = serve(project, launch, port)

    assert httpx.get(f"http://127.0.0.1:{port}/todos", timeout=30).json() == []
    assert service.stop() == 0
    assert project.run("git", "status", "--porcelain").split() == ["??", "uv.lock"]


def test_the_variables_of_the_example_are_known(
    installed: Callable[..., Project], launch: Callable[..., Any], free_port: Callable[[], int]
) -> None:
    project = installed(*FASTAPI_SERVICE)
    lines = (project.folder / ".env.example").read_text().splitlines()
    variables = dict(line.split("=", 1) for line in lines if not line.startswith("#"))
    port = free_port()

    command = f"{project.folder}/.venv/bin/pyfly run --port {port}"
    service = launch("bash", "-c", f"exec {command}", cwd=project.folder, env={**variables, "PYTHONPATH": ""})
    service.wait_for_port(port)

    assert service.stop() == 0
    assert "is not a setting" not in service.output


def test_an_image_has_all_that_the_service_needs(
    make: Callable[..., Project],
    install: Callable[..., Path],
    launch: Callable[..., Any],
    free_port: Callable[[], int],
    tmp_path: Path,
) -> None:
    project = make("shop")
    lines = (project.folder / "Dockerfile").read_text().splitlines()
    build, image = tmp_path / "build", tmp_path / "image"
    build.mkdir()
    image.mkdir()

    # The files of the first stage make the distribution, those of the second stand beside it.
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(project.folder / name, build)
    shutil.copytree(project.folder / "src", build / "src")
    shutil.copy(project.folder / "pyfly.yaml", image)
    commands = install(str(build))
    port = free_port()
    service = launch(
        str(commands / "pyfly"), "run", cwd=image, env={"PYFLY_SERVER_PORT": str(port), "PYTHONPATH": ""}
    )
    service.wait_for_port(port)

    assert httpx.get(f"http://127.0.0.1:{port}/todos", timeout=30).json() == []
    assert service.stop() == 0
    copies = [line for line in lines if line.startswith("COPY") and "--from" not in line]
    assert copies == ["COPY pyproject.toml README.md ./", "COPY src src", "COPY pyfly.yaml ./"]
    assert lines[-2:] == ["EXPOSE 8000", 'CMD ["pyfly", "run"]']


def test_a_library_is_used_as_its_readme_says(installed: Callable[..., Project]) -> None:
    project = installed(*LIBRARY)
    code = (project.folder / "README.md").read_text().split("```python\n")[1].split("```")[0]

    answer = project.run(
        ".venv/bin/python",
        "-c",
        f"{code}\nfrom acme_kit import PlainGreeter\nprint(Welcome(PlainGreeter('Hello')).text('Ada'))",
    )

    assert answer == "Hello, Ada!\n"


def test_a_program_runs_as_its_readme_says(installed: Callable[..., Project]) -> None:
    project = installed(*PROGRAM)

    output = project.run_section("Use")

    assert "hello  Greet NAME." in output
    assert output.count("Hello, Ada!\n") == 2
    assert project.run(".venv/bin/Greet-All", "hello", "Ada", PYFLY_GREETING_SALUTATION="Hi") == "Hi, Ada!\n"


NAMES = ["a", "shop", "the-largest-shop-of-the-world-and-beyond"]
ARCHETYPES = ["web-api", "library", "cli"]


@pytest.mark.parametrize("archetype", ARCHETYPES)
@pytest.mark.parametrize("name", NAMES)
def test_the_code_is_tidy_whatever_the_name(
    make: Callable[..., Project], tools: Path, archetype: str, name: str
) -> None:
    project = make(name, "--archetype", archetype)

    assert "All checks passed!" in project.run(str(tools / "ruff"), "check")
    assert "already formatted" in project.run(str(tools / "ruff"), "format", "--check")


def test_what_is_not_installed_is_refused(install: Callable[..., Path], tmp_path: Path) -> None:
    pyfly = str(install("pyfly-cli") / "pyfly")

    def refused(*options: str) -> str:
        with pytest.raises(StepError) as failure:
            run_step([pyfly, "new", "shop", "--directory", str(tmp_path), *options])

        return failure.value.output

    assert "pip install pyfly-web-starlette pyfly-server-granian" in refused()
    assert "pip install pyfly-web-fastapi" in refused("--features", "fastapi")
    assert "needs pyfly-server-granian, which is not installed" in run_step([pyfly, "new", "--list"])
    assert list(tmp_path.iterdir()) == []


def test_a_library_and_a_program_need_the_command_alone(install: Callable[..., Path], tmp_path: Path) -> None:
    pyfly = str(install("pyfly-cli") / "pyfly")

    run_step([pyfly, "new", "kit", "--directory", str(tmp_path), "--archetype", "library"])
    run_step([pyfly, "new", "tool", "--directory", str(tmp_path), "--archetype", "cli"])

    assert '"pyfly-core>=' in (tmp_path / "kit" / "pyproject.toml").read_text()
    assert '"pyfly<1"' in (tmp_path / "tool" / "pyproject.toml").read_text()


def test_each_feature_is_an_extra_of_a_distribution_that_exists(tools: Path) -> None:
    from pyfly.cli.scaffolding.features import FEATURES

    projects = {found.name: found.project for found in REPOSITORY.distributions}
    extras = projects["pyfly"]["optional-dependencies"]

    for name, feature in FEATURES.items():
        assert feature.distribution in projects
        assert any(line.startswith(f"{feature.distribution}>=") for line in extras[name]), name
