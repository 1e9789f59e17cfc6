# SPDX-License-Identifier: Apache-2.0
import os
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from pyfly.cli.main import cli
from pyfly.cli.plugins import discover_cli_plugins

MODULE = """
import json
import os
from pathlib import Path

import click


class RunOnly:
    def run(self, app, host, port, **kwargs):
        record(app=app, host=host, port=port, **kwargs)


class Serving:
    def serve(self, app, config):
        record(app=app, host=config.host, port=config.port, workers=config.workers)


def record(**facts):
    facts["environment"] = {name: value for name, value in os.environ.items() if "PYFLY" in name}
    Path("served.json").write_text(json.dumps(facts))


@click.command()
def greet():
    click.echo("hello from a plugin")


@click.command()
def fail():
    raise ValueError("the plugin failed")


not_a_command = object()
"""


@pytest.fixture
def pyfly(tmp_path, monkeypatch):
    """Run the command in an empty folder: ``pyfly("run", "--help")``."""
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    # The command may set variables that the test must not keep.
    monkeypatch.setenv("COLUMNS", "120")
    # What the run of tests is told is no setting of the project.
    for name in [name for name in os.environ if name.upper().startswith("PYFLY_")]:
        monkeypatch.delenv(name)

    def run(*args):
        return CliRunner().invoke(cli, list(args))

    return run


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Install a distribution with entry points: ``install("pyfly.servers", mine="cli_extras:RunOnly")``."""
    folder = tmp_path / "site"
    metadata = folder / "extras-1.0.dist-info"
    metadata.mkdir(parents=True)
    (folder / "cli_extras.py").write_text(MODULE)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: extras\nVersion: 1.0\n")
    monkeypatch.syspath_prepend(folder)

    def write(group, **entries):
        lines = [f"{name} = {path}" for name, path in entries.items()]
        (metadata / "entry_points.txt").write_text("\n".join([f"[{group}]", *lines]))
        discover_cli_plugins.cache_clear()

    yield write
    sys.modules.pop("cli_extras", None)
    discover_cli_plugins.cache_clear()


@pytest.fixture
def bring(tmp_path, monkeypatch):
    """Install a distribution: ``bring("acme-kit", entry_points="...", files={"acme.py": "..."})``."""
    brought = []

    def write(name, version="0.1.0", entry_points="", files=None):
        site = tmp_path / f"site-{name}"
        metadata = site / f"{name.replace('-', '_')}-{version}.dist-info"
        metadata.mkdir(parents=True)
        (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        (metadata / "entry_points.txt").write_text(entry_points)
        for path, text in (files or {}).items():
            file = site / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
            brought.append(file.stem)

        monkeypatch.syspath_prepend(site)

    yield write
    for module in brought:
        sys.modules.pop(module, None)


@pytest.fixture
def distribution(tmp_path, monkeypatch):
    """Install made-up distributions: ``distribution("acme", requires=["click>=99"])``."""
    installed = []

    def write(name, *, version="1.0", python=None, requires=(), extras=(), entry_points=None, files=None):
        folder = tmp_path / f"site-{name}"
        metadata = folder / f"{name.replace('-', '_')}-{version}.dist-info"
        metadata.mkdir(parents=True)
        headers = [
            "Metadata-Version: 2.1",
            f"Name: {name}",
            f"Version: {version}",
            *([f"Requires-Python: {python}"] if python else []),
            *(f"Requires-Dist: {text}" for text in requires),
            *(f"Provides-Extra: {text}" for text in extras),
        ]
        (metadata / "METADATA").write_text("\n".join(headers) + "\n")
        lines = []
        for group, entries in (entry_points or {}).items():
            lines += [f"[{group}]", *(f"{entry} = {value}" for entry, value in entries.items())]

        (metadata / "entry_points.txt").write_text("\n".join(lines))
        for file, text in (files or {}).items():
            (folder / file).write_text(text)
            installed.append(Path(file).stem)

        monkeypatch.syspath_prepend(folder)
        discover_cli_plugins.cache_clear()

    yield write
    for module in installed:
        sys.modules.pop(module, None)

    discover_cli_plugins.cache_clear()
