# SPDX-License-Identifier: Apache-2.0
import pytest
from click.testing import CliRunner

from pyfly.cli.main import cli


@pytest.mark.parametrize(
    ("shell", "registration"),
    [
        ("bash", "complete -o nosort -F _pyfly_completion pyfly"),
        ("zsh", "compdef _pyfly_completion pyfly"),
        ("fish", "complete --no-files --command pyfly"),
    ],
)
def test_the_script_registers_the_command(pyfly, shell, registration):
    result = pyfly("completion", shell)

    assert result.exit_code == 0
    assert registration in result.stdout
    assert f"_PYFLY_COMPLETE={shell}_complete" in result.stdout


def test_another_shell_is_a_usage_error(pyfly):
    assert pyfly("completion", "csh").exit_code == 2


@pytest.fixture
def complete(monkeypatch):
    """Complete a line as bash asks for it: ``complete("pyfly ne")``."""

    def ask(line):
        words = line.split(" ")
        monkeypatch.setenv("_PYFLY_COMPLETE", "bash_complete")
        monkeypatch.setenv("COMP_WORDS", line)
        monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
        answers = CliRunner().invoke(cli, prog_name="pyfly").stdout.split()
        return [answer.partition(",")[2] for answer in answers]

    return ask


def test_commands_are_completed(complete):
    assert complete("pyfly ne") == ["new"]


def test_archetypes_are_completed(complete):
    assert complete("pyfly new shop --archetype ") == ["web-api", "library", "cli"]
    assert complete("pyfly new shop --archetype l") == ["library"]


def test_each_feature_of_a_list_is_completed_once(complete):
    assert complete("pyfly new shop --features web,gr") == ["web,granian"]
    assert complete("pyfly new shop --features web,we") == []
