# SPDX-License-Identifier: Apache-2.0
"""How the commands come to an application, and leave it."""

import json
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]

TARGETS = """
from inspected_shop import Application, app
context = app.context
nothing = object()


class Middleware:
    def __init__(self, app):
        self.app = app


around = Middleware(Middleware(None))
"""


@pytest.mark.parametrize("name", ["app", "context", "app.context", "Application"])
def test_an_application_a_context_or_its_class_is_taken(
    shop: Run, write: Callable[..., None], name: str
) -> None:
    write(inspected_targets=TARGETS)

    result = shop("beans", "--app", f"inspected_targets:{name}", "--json")

    assert result.exit_code == 0, result.output
    assert "Config" in json.loads(result.stdout)["contexts"]["application"]["beans"]


def test_the_variable_names_the_application(pyfly: Run, shop: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("pyfly.yaml").unlink()
    monkeypatch.setenv("PYFLY_APP", "inspected_shop:app")

    assert "inspected_shop.Till" in shop("beans").stdout


@pytest.mark.parametrize("name", ["nothing", "around"])
def test_something_else_is_refused(shop: Run, write: Callable[..., None], name: str) -> None:
    write(inspected_targets=TARGETS)

    result = shop("beans", "--app", f"inspected_targets:{name}")

    assert result.exit_code == 1
    assert result.stdout == ""
    assert f"Error: inspected_targets:{name} is a " in result.stderr
    assert "Name what create_app() returns" in result.stderr


def test_what_does_not_exist_is_refused(shop: Run) -> None:
    result = shop("beans", "--app", "inspected_shop:ap")

    assert result.exit_code == 1
    assert "Did you mean inspected_shop:app?" in result.stderr


def test_without_an_application_there_is_nothing_to_show(pyfly: Run) -> None:
    result = pyfly("beans")

    assert result.exit_code == 1
    assert "Error: No application found." in result.stderr


def test_what_the_application_prints_and_logs_is_kept_off_the_output(shop: Run) -> None:
    result = shop("beans", "--json")

    json.loads(result.stdout)
    assert "the shop is imported" in result.stderr
    assert "the shop logs" in result.stderr


def test_an_error_of_the_application_is_told_without_traceback(
    pyfly: Run, write: Callable[..., None]
) -> None:
    write(inspected_broken="app = None\nraise OSError('no till')\n")

    result = pyfly("beans", "--app", "inspected_broken:app")

    assert result.exit_code == 1
    assert "Error: OSError: no till" in result.stderr
    assert "Traceback" not in result.stderr
    sys.modules.pop("inspected_broken", None)
    assert "Traceback" in pyfly("--debug", "beans", "--app", "inspected_broken:app").stderr


def test_an_application_that_ends_the_process_is_told(pyfly: Run, write: Callable[..., None]) -> None:
    write(inspected_ending="import sys\napp = None\nsys.exit(3)\n")

    result = pyfly("beans", "--app", "inspected_ending:app")

    assert result.exit_code == 1
    assert "inspected_ending:app ends the process when it is imported (exit code 3)." in result.stderr


@pytest.mark.parametrize("command", ["beans", "conditions"])
def test_what_would_stop_the_start_is_told(shop: Run, command: str) -> None:
    result = shop(command, "-D", "shop.max-lines=many", "--json")

    assert result.exit_code == 1
    # What conditions decided is of use all the more.
    assert ("negativeMatches" in result.stdout) == (command == "conditions")
    assert "shop.max-lines" in result.stderr
    assert "Traceback" not in result.stderr
    assert not Path("made.txt").exists()


@pytest.mark.parametrize("command", ["routes", "openapi"])
def test_without_a_web_application_there_are_no_routes(shop: Run, command: str) -> None:
    result = shop(command)

    assert result.exit_code == 1
    assert "inspected_shop:app serves no requests" in result.stderr


@pytest.mark.parametrize("command", ["beans", "conditions", "env", "config"])
def test_everything_is_as_before_afterwards(shop: Run, command: str) -> None:
    environment, path = dict(os.environ), list(sys.path)
    output, handlers = sys.stdout, list(logging.root.handlers)

    shop(command, "-p", "dev", "-D", "shop.name=market", "--env", "SHOP=open")

    assert dict(os.environ) == environment
    assert sys.path == path
    assert sys.stdout is output
    assert logging.root.handlers == handlers


def test_files_of_the_log_are_closed(shop: Run) -> None:
    shop("beans", "-D", "logging.file.name=shop.log", "-D", "logging.async.enabled=true")

    assert "the shop logs" in Path("shop.log").read_text()
    files = [it.baseFilename for it in logging.root.handlers if isinstance(it, logging.FileHandler)]
    assert str(Path("shop.log").absolute()) not in files


@pytest.mark.parametrize("command", ["routes", "beans", "conditions", "env", "config show", "openapi"])
@pytest.mark.parametrize(
    "args",
    [
        ["--timeout", "3"],
        ["--header", "A=b"],
        ["--url", "http://127.0.0.1:1", "-p", "dev"],
        ["--url", "http://127.0.0.1:1", "-D", "a=b"],
        ["--url", "http://127.0.0.1:1", "--app", "shop:app"],
        ["--url", "http://127.0.0.1:1", "--header", "nothing"],
        ["-D", "nothing"],
        ["--url", "http://127.0.0.1:1", "--timeout", "0"],
    ],
)
def test_options_without_effect_are_usage_errors(pyfly: Run, command: str, args: list[str]) -> None:
    assert pyfly(*command.split(), *args).exit_code == 2
