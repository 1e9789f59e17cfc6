# SPDX-License-Identifier: Apache-2.0
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture
def served(pyfly, install):
    """Run with a server that only records what it is given."""

    def run(*args, server="Serving"):
        Path("shop.py").write_text("app = None\n")
        install("pyfly.servers", recorder=f"cli_extras:{server}")
        result = pyfly("run", "--server", "recorder", *args)
        assert result.exit_code == 0, result.output
        return json.loads(Path("served.json").read_text())

    return run


def test_help_needs_no_server_library():
    code = (
        "import sys; from click.testing import CliRunner; from pyfly.cli.main import cli;"
        "result = CliRunner().invoke(cli, ['run', '--help']);"
        "print(result.exit_code, sorted({'granian', 'rich', 'yaml', 'pyfly.core'} & sys.modules.keys()))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True
    )

    assert done.stdout.strip() == "0 []"


def test_a_folder_without_application_ends_in_code_1(pyfly):
    result = pyfly("run")

    assert result.exit_code == 1
    assert "No application found." in result.output
    assert "--app" in result.output
    assert "pyfly.yaml" in result.output


@pytest.mark.parametrize(
    "args", [["--port", "65536"], ["--workers", "many"], ["-D", "port"], ["--env", "=1"]]
)
def test_a_wrong_option_is_a_usage_error(pyfly, args):
    assert pyfly("run", "--app", "shop:app", *args).exit_code == 2


def test_the_options_reach_the_server(served):
    facts = served("--app", "shop:app", "--host", "127.0.0.1", "--port", "81", "--workers", "3")

    assert (facts["app"], facts["host"], facts["port"], facts["workers"]) == ("shop:app", "127.0.0.1", 81, 3)


def test_auto_workers_are_the_usable_cpus(served):
    assert served("--app", "shop:app", "--workers", "auto")["workers"] >= 1


def test_without_settings_the_documented_defaults_apply(served):
    facts = served("--app", "shop:app")

    assert (facts["host"], facts["port"], facts["workers"]) == ("0.0.0.0", 8000, 1)


def test_settings_of_toml_and_of_the_config_folder_count(served):
    Path("config").mkdir()
    Path("config/pyfly.yaml").write_text(
        "pyfly: {app: {module: 'shop:app'}, server: {port: 81, host: 127.0.0.1}}"
    )
    Path("pyfly.toml").write_text("[pyfly.server]\nport = 82\n")

    facts = served()

    assert (facts["app"], facts["host"], facts["port"]) == ("shop:app", "127.0.0.1", 82)


def test_profiles_select_files_and_reach_the_application(served):
    Path("pyfly.yaml").write_text("pyfly: {app: {module: 'shop:app'}}")
    Path("pyfly-b.yaml").write_text("pyfly: {server: {port: 83}}")

    facts = served("-p", "a,b", "--profile", "c")

    assert facts["port"] == 83
    assert facts["environment"]["PYFLY_PROFILES_ACTIVE"] == "a,b,c"


def test_debug_asks_the_application_for_debug_output(served):
    environment = served("--app", "shop:app", "--debug")["environment"]

    assert environment["PYFLY_DEBUG"] == "true"
    assert environment["PYFLY_LOGGING_LEVEL_ROOT"] == "DEBUG"


def test_the_environment_and_the_path_are_as_before_afterwards(served):
    Path("src").mkdir()
    environment, path = dict(os.environ), list(sys.path)

    served("--app", "shop:app", "-D", "web.port=84", "--env", "SHOP=open")

    assert dict(os.environ) == environment
    assert sys.path == path


def test_a_server_that_can_only_run_gets_application_host_and_port(served):
    facts = served("--app", "shop:app", "--port", "85", server="RunOnly")

    assert (facts["app"], facts["host"], facts["port"]) == ("shop:app", "0.0.0.0", 85)


def test_a_server_that_can_only_run_refuses_further_settings(pyfly, install):
    install("pyfly.servers", recorder="cli_extras:RunOnly")
    Path("shop.py").write_text("app = None\n")

    result = pyfly("run", "--server", "recorder", "--app", "shop:app", "--workers", "2")

    assert result.exit_code == 1
    assert result.stderr.startswith("Error: pyfly.server.workers = 2: the server 'recorder' only has run")


def test_a_misspelt_application_is_refused_with_the_nearest_name(pyfly, install):
    install("pyfly.servers", recorder="cli_extras:Serving")
    Path("shop.py").write_text("app = None\n")

    result = pyfly("run", "--server", "recorder", "--app", "shop:ap")

    assert result.exit_code == 1
    assert "'shop' has no attribute 'ap'. Did you mean shop:app?" in result.stderr
    assert not Path("served.json").exists()


def test_the_variable_names_the_application(served, monkeypatch):
    monkeypatch.setenv("PYFLY_APP", "shop:app")

    assert served()["app"] == "shop:app"
    Path("kiosk.py").write_text("app = None\n")
    assert served("--app", "kiosk:app")["app"] == "kiosk:app"
