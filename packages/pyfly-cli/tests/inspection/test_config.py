# SPDX-License-Identifier: Apache-2.0
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

Run = Callable[..., Result]


def row(result: Result, key: str) -> str:
    (line,) = (line for line in result.stdout.splitlines() if line.split()[0] == key)
    return line


def test_each_key_is_told_with_its_origin(as_json: Callable[..., Any]) -> None:
    found = as_json("config", "shop", "--env", "PYFLY_SHOP_NAME=market")

    assert found["properties"] == {
        "shop.max-lines": {
            "value": 7,
            "origin": "pyfly.yaml, line 5",
            "default": 20,
            "changed": True,
            "declared": True,
        },
        "shop.name": {
            "value": "market",
            "origin": "environment variable PYFLY_SHOP_NAME",
            "default": "corner",
            "changed": True,
            "declared": True,
        },
    }


def test_defaults_and_options_are_told_too(shop: Run) -> None:
    result = shop("config", "-D", "shop.max-lines=9", "-p", "dev")

    assert result.stdout.splitlines()[0].split() == ["Key", "Value", "Origin", "Default", "Remark"]
    assert row(result, "shop.name").split() == ["shop.name", "corner", "default"]
    assert row(result, "shop.max-lines").split()[1:5] == ["9", "command", "line,", "--shop.max-lines"]
    assert row(result, "pyfly.context.shutdown-timeout").split()[2] == "default"
    assert row(result, "pyfly.profiles.active").split()[1] == "dev"


def test_only_what_is_changed(as_json: Callable[..., Any]) -> None:
    found = as_json("config", "--changed")["properties"]

    assert "shop.max-lines" in found
    assert "shop.name" not in found
    assert all(entry["changed"] for entry in found.values())


def test_a_prefix_may_leave_out_pyfly(as_json: Callable[..., Any]) -> None:
    assert set(as_json("config", "show", "context")["properties"]) == {
        "pyfly.context.allow-bean-definition-overriding",
        "pyfly.context.lazy-initialization",
        "pyfly.context.shutdown-timeout",
    }


def test_keys_that_nothing_reads_are_marked(shop: Run) -> None:
    Path("pyfly-dev.yaml").write_text("shop: {max-linse: 1}\npyfly: {nowhere: {to: go}}\n")

    result = shop("config", "-p", "dev", "--env", "PYFLY_SHOP_NMAE=market")

    assert result.exit_code == 0
    assert row(result, "shop.max-linse").endswith("unknown, did you mean shop.max-lines?")
    assert row(result, "shop.nmae").endswith("unknown, did you mean PYFLY_SHOP_NAME?")
    assert row(result, "pyfly.nowhere.to").endswith("no installed distribution reads it")


def test_keys_that_nothing_reads_are_told_as_data(as_json: Callable[..., Any]) -> None:
    Path("pyfly-dev.yaml").write_text("shop: {max-linse: 1}")

    found = as_json("config", "-p", "dev")

    assert found["unknown"] == [
        {
            "key": "shop.max-linse",
            "suggestions": ["shop.max-lines"],
            "origin": "pyfly-dev.yaml (profile: dev), line 1",
        }
    ]
    assert as_json("config", "context", "-p", "dev")["unknown"] == []


def test_secrets_are_hidden(pyfly: Run) -> None:
    Path("pyfly.yaml").write_text("db: {password: pw, url: 'pg://me:pw@host'}")

    output = pyfly("config", "db").stdout

    assert "pw" not in output
    assert "pg://me:******@host" in output


def test_the_configuration_itself_need_not_be_right(shop: Run) -> None:
    result = shop("config", "-D", "shop.max-lines=many")

    assert result.exit_code == 0
    assert row(result, "shop.max-lines").split()[1] == "many"


def test_without_an_application_the_folder_is_shown(pyfly: Run) -> None:
    Path("pyfly.yaml").write_text("shop: {name: market}\npyfly: {banner: {mode: 'OFF'}}")

    result = pyfly("config")

    assert result.exit_code == 0
    assert row(result, "shop.name").split() == ["shop.name", "market", "pyfly.yaml,", "line", "1"]
    assert row(result, "pyfly.banner.mode").split()[1] == "OFF"
    assert "No application found" in result.stderr


def test_an_application_that_cannot_be_imported_leaves_a_warning(
    pyfly: Run, write: Callable[..., None]
) -> None:
    write(inspected_broken="app = None\nprint('half-way')\nraise OSError('no till')\n")
    Path("pyfly.yaml").write_text("pyfly: {app: {module: 'inspected_broken:app'}}")

    result = pyfly("config", "--changed", "--json")

    assert list(json.loads(result.stdout)["properties"]) == ["pyfly.app.module"]
    assert "Warning: inspected_broken:app cannot be imported: OSError: no till" in result.stderr


def test_an_application_that_is_asked_for_has_to_exist(shop: Run) -> None:
    result = shop("config", "--app", "inspected_shop:nothing")

    assert result.exit_code == 1
    assert "has no attribute 'nothing'" in result.stderr


def test_a_file_that_cannot_be_read_is_an_error(pyfly: Run) -> None:
    Path("pyfly.yaml").write_text("shop: [")

    result = pyfly("config")

    assert result.exit_code == 1
    assert "pyfly.yaml" in result.stderr


def test_the_variable_that_names_the_application_is_no_setting(
    shop: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYFLY_APP", "inspected_shop:app")

    assert "PYFLY_APP" not in shop("config").stdout


def test_the_keys_of_distributions_are_described(pyfly: Run) -> None:
    result = pyfly("config", "docs", "server")

    assert result.stdout.splitlines()[0].split() == ["Key", "Type", "Default", "Meaning"]
    port = row(result, "pyfly.server.port")
    assert port.split()[:3] == ["pyfly.server.port", "integer", "8000"]
    assert "pyfly.web.port is an old name of it." in port
    assert all(line.startswith("pyfly.server.") for line in result.stdout.splitlines()[1:])


def test_the_description_of_keys_comes_as_json_too(pyfly: Run) -> None:
    found = json.loads(pyfly("config", "docs", "pyfly.context.shutdown-timeout", "--json").stdout)

    (timeout,) = found["properties"]
    assert timeout["name"] == "pyfly.context.shutdown-timeout"
    assert timeout["description"]


def test_a_prefix_of_nothing_is_remarked(pyfly: Run) -> None:
    result = pyfly("config", "docs", "nowhere")

    assert (result.exit_code, result.stdout) == (0, "")
    assert "No installed distribution declares a key under 'nowhere'." in result.stderr


@pytest.mark.parametrize("args", [["--help"], ["show", "--help"], ["docs", "-h"]])
def test_help_is_at_hand(pyfly: Run, args: list[str]) -> None:
    assert pyfly("config", *args).exit_code == 0
