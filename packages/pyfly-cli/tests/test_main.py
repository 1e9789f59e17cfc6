# SPDX-License-Identifier: Apache-2.0
import subprocess
import sys
from importlib.metadata import version

import click
import pytest

from pyfly.cli.console import print_banner


def test_version_lists_every_installed_distribution(pyfly):
    result = pyfly("--version")

    assert result.exit_code == 0
    assert f"pyfly-cli {version('pyfly-cli')}" in result.output.splitlines()
    assert f"pyfly-core {version('pyfly-core')}" in result.output.splitlines()


def test_info_shows_the_distributions_and_the_environment(pyfly):
    result = pyfly("info")

    assert result.exit_code == 0
    for text in ("PyFly Framework", "Environment", "Python", "Platform", "Architecture", "pyfly-server"):
        assert text in result.output


def test_help_lists_the_commands(pyfly):
    result = pyfly("--help")

    assert result.exit_code == 0
    assert "Serve the application of this folder." in result.output


def test_the_commands_are_listed_in_sections(pyfly, install):
    install("pyfly.cli_plugins", greet="cli_extras:greet")

    lines = pyfly("--help").stdout.splitlines()

    sections = ["Run:", "This installation:", "More commands:"]
    assert [line for line in lines if line in sections] == sections
    assert any(line.startswith("  doctor ") for line in lines)
    assert any(line.startswith("  greet") for line in lines[lines.index("More commands:") :])


def test_an_unknown_command_is_a_usage_error(pyfly):
    result = pyfly("xyzzy")

    assert result.exit_code == 2
    assert "Error: No such command 'xyzzy'.\n" in result.stderr


def test_an_unknown_command_gets_the_nearest_one_as_an_answer(pyfly, install):
    install("pyfly.cli_plugins", greet="cli_extras:greet")

    assert "No such command 'rnu'. Did you mean run?" in pyfly("rnu").stderr
    assert "No such command 'gret'. Did you mean greet?" in pyfly("gret").stderr


def test_an_unknown_option_is_a_usage_error(pyfly):
    result = pyfly("--bug")

    assert result.exit_code == 2
    assert "No such option" in result.stderr


def test_a_plugin_adds_a_command(pyfly, install):
    install("pyfly.cli_plugins", greet="cli_extras:greet")

    assert pyfly("greet").output == "hello from a plugin\n"
    assert "greet" in pyfly("--help").output


def test_a_plugin_does_not_replace_a_command(pyfly, install):
    install("pyfly.cli_plugins", info="cli_extras:greet")

    assert "PyFly Framework" in pyfly("info").output


def test_a_broken_plugin_warns_and_the_rest_works(pyfly, install):
    install("pyfly.cli_plugins", broken="no_such_module:command", odd="cli_extras:not_a_command")

    result = pyfly("--help")

    assert result.exit_code == 0
    assert "Warning: command 'broken' (no_such_module:command) cannot be loaded" in result.stderr
    assert "Warning: cli_extras:not_a_command, named 'odd', is not a click command." in result.stderr


def test_an_exception_becomes_a_message_without_traceback(pyfly, install):
    install("pyfly.cli_plugins", fail="cli_extras:fail")

    result = pyfly("fail")

    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ValueError: the plugin failed\n")
    assert "Traceback" not in result.stderr


def test_debug_shows_the_traceback(pyfly, install, monkeypatch):
    install("pyfly.cli_plugins", fail="cli_extras:fail")

    assert "Traceback" in pyfly("--debug", "fail").stderr
    monkeypatch.setenv("PYFLY_DEBUG", "true")
    assert "Traceback" in pyfly("fail").stderr


def test_the_command_is_a_click_group():
    from pyfly.cli.main import PyFlyCLI, cli

    assert isinstance(cli, PyFlyCLI)
    assert issubclass(PyFlyCLI, click.Group)


def test_the_console_prints_the_banner_of_the_framework(capsys: pytest.CaptureFixture[str]) -> None:
    print_banner()

    assert ":: PyFly Framework :: (v" in capsys.readouterr().out


def test_help_of_a_command_needs_nothing_of_what_the_command_does():
    code = (
        "import sys; from click.testing import CliRunner; from pyfly.cli.main import cli\n"
        "for name in [*cli.list_commands(None), None]:\n"
        "    args = [name, '--help'] if name else ['--help']\n"
        "    assert CliRunner().invoke(cli, args).exit_code == 0, name\n"
        "heavy = {'asyncio', 'jinja2', 'pydantic', 'pyfly.core', 'pyfly.server', 'rich', 'yaml'}\n"
        "print(sorted(heavy & sys.modules.keys()))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )

    assert done.stdout.strip() == "[]"
