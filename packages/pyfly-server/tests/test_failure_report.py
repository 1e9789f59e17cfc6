# SPDX-License-Identifier: Apache-2.0
from pyfly.server.failure_report import report_failure


class AnalysedError(Exception):
    def __init__(self, description, action):
        super().__init__("short")
        self.description = description
        self.action = action


def raised(error, cause=None):
    try:
        raise error from cause
    except Exception as caught:
        return caught


def test_a_short_analysis_is_one_line():
    assert report_failure(AnalysedError("It is broken.", "Mend it.")) == "Error: It is broken. Mend it.\n"


def test_a_long_analysis_is_set_out_in_blocks():
    report = report_failure(AnalysedError("Two things:\nthis\nthat", "Mend both."))

    assert report == (
        "Error: AnalysedError\n\n"
        "  Description\n    Two things:\n    this\n    that\n\n"
        "  Action\n    Mend both.\n"
    )


def test_the_analysis_of_a_cause_is_found():
    error = raised(RuntimeError("outer"), AnalysedError("It is broken.", "Mend it."))

    assert report_failure(error) == "Error: It is broken. Mend it.\n"


def test_another_error_tells_where_it_was_raised():
    report = report_failure(raised(ValueError("wrong")))

    assert report.startswith("Error: ValueError: wrong\n  raised in ")
    assert "test_failure_report.py, line " in report
    assert "--debug" in report


def test_debug_puts_the_traceback_first():
    report = report_failure(raised(ValueError("wrong")), debug=True)

    assert report.startswith("Traceback (most recent call last):")
    assert "\nError: ValueError: wrong\n" in report
