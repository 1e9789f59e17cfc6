# SPDX-License-Identifier: Apache-2.0
from pyfly.container.exceptions import BeanCreationException
from pyfly.core import analyse_failure


class StockError(Exception):
    description = "The stock file is locked.\nHeld by process 7."
    action = "End process 7."


def test_description_and_action_of_the_error() -> None:
    assert analyse_failure(StockError("locked")).render() == (
        "The application failed to start\n"
        "===============================\n"
        "\n"
        "What happened:\n"
        "\n"
        "  The stock file is locked.\n"
        "  Held by process 7.\n"
        "\n"
        "What to do:\n"
        "\n"
        "  End process 7.\n"
    )


def test_causes_are_named_nearest_first() -> None:
    failure = BeanCreationException("messaging", "Broker", "no connection")
    failure.__cause__ = ConnectionError("refused")
    failure.__cause__.__cause__ = TimeoutError()

    analysis = analyse_failure(failure)

    assert analysis.description == "Broker: no connection"
    assert analysis.causes == ("ConnectionError: refused", "TimeoutError")
    assert "Caused by:\n\n  ConnectionError: refused\n  TimeoutError\n" in analysis.render()


def test_foreign_error_is_described_by_class_and_message() -> None:
    analysis = analyse_failure(RuntimeError("no disk"))

    assert (analysis.description, analysis.action, analysis.causes) == ("RuntimeError: no disk", "", ())
    assert "What to do" not in analysis.render()


def test_causes_in_a_circle_end() -> None:
    first, second = RuntimeError("a"), RuntimeError("b")
    first.__cause__, second.__cause__ = second, first

    assert analyse_failure(first).causes == ("RuntimeError: b", "RuntimeError: a")


def test_report_of_several_lines_is_told_once() -> None:
    failure = BeanCreationException("configuration", "Shop", "two values:\n  a\n  b")
    failure.__cause__ = ValueError("two values:\n  a\n  b")
    failure.__cause__.__cause__ = KeyError("a")

    assert analyse_failure(failure).causes == ("KeyError: 'a'",)
