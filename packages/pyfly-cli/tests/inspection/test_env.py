# SPDX-License-Identifier: Apache-2.0
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import Result

Run = Callable[..., Result]


def test_profiles_and_sources_come_in_the_shape_of_the_actuator(as_json: Callable[..., Any]) -> None:
    Path("pyfly-dev.yaml").write_text("shop: {name: market}")

    payload = as_json("env", "-p", "dev,eu", "--env", "PYFLY_DB_PASSWORD=secret")

    assert payload["activeProfiles"] == ["dev", "eu"]
    sources = {source["name"]: source["properties"] for source in payload["propertySources"]}
    assert list(sources)[:3] == ["systemEnvironment", "pyfly-dev.yaml (profile: dev)", "pyfly.yaml"]
    assert sources["systemEnvironment"]["PYFLY_DB_PASSWORD"]["value"] == "******"
    assert sources["pyfly-dev.yaml (profile: dev)"]["shop.name"]["value"] == "market"
    assert sources["application (@pyfly_application)"]["pyfly.app.name"]["value"] == "shop"


def test_an_option_of_the_command_is_one_of_the_application(as_json: Callable[..., Any]) -> None:
    first = as_json("env", "-D", "shop.name=stall")["propertySources"][0]

    assert first["name"] == "commandLine"
    assert first["properties"]["shop.name"] == {"value": "stall", "origin": "command line, --shop.name"}


def test_the_table_names_the_profiles_first(shop: Run) -> None:
    lines = shop("env", "-p", "dev").stdout.splitlines()

    assert lines[0] == "Active profiles: dev"
    assert lines[1].split() == ["Source", "Property", "Value", "Origin"]
    assert any(line.split()[:3] == ["pyfly.yaml", "shop.max-lines", "7"] for line in lines)
    assert shop("env").stdout.startswith("Active profiles: none\n")


def test_a_date_of_a_file_becomes_text_in_json(pyfly: Run) -> None:
    Path("pyfly.yaml").write_text("shop: {since: 2024-05-01}")

    payload = json.loads(pyfly("env", "--json").stdout)

    assert payload["propertySources"][0]["properties"]["shop.since"]["value"] == "2024-05-01"


def test_without_an_application_the_folder_is_shown(pyfly: Run) -> None:
    Path("pyfly.yaml").write_text("shop: {name: market}")

    result = pyfly("env")

    assert result.exit_code == 0
    assert "shop.name" in result.stdout
    assert "No application found" in result.stderr
