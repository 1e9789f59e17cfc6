# SPDX-License-Identifier: Apache-2.0
import pytest

from pyfly.context.runners import ApplicationArguments


def test_options_and_the_rest() -> None:
    given = ["import", "--file=a.csv", "--dry-run", "--file=b=c.csv", "-v", "--empty="]

    arguments = ApplicationArguments(given)

    assert arguments.source_args == given
    assert arguments.non_option_args == ["import", "-v"]
    assert arguments.option_names == {"file", "dry-run", "empty"}
    assert arguments.option_values("file") == ["a.csv", "b=c.csv"]
    assert arguments.option_values("dry-run") == []
    assert arguments.option_values("empty") == [""]
    assert arguments.option_values("absent") is None
    assert arguments.contains_option("dry-run")
    assert not arguments.contains_option("absent")


def test_everything_after_a_lone_double_dash_is_no_option() -> None:
    arguments = ApplicationArguments(["--a=1", "--", "--b=2"])

    assert arguments.option_names == {"a"}
    assert arguments.non_option_args == ["--b=2"]


def test_arguments_of_the_process_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["prog", "--a=1"])

    assert ApplicationArguments().source_args == ["--a=1"]


def test_option_without_a_name_is_refused() -> None:
    with pytest.raises(ValueError, match="'--=1' has no name"):
        ApplicationArguments(["--=1"])
