# SPDX-License-Identifier: Apache-2.0
from benchmarks.figures import figure_table
from benchmarks.report import Report, Table
from benchmarks.verdict import ahead, within


def test_text_table_aligns_its_columns():
    table = Table("Speed", ("contender", "ns"), [("ours", "9.5"), ("a|b", "120.0")])

    assert table.as_text() == "\n".join(
        ["Speed", "", "contender     ns", "----------------", "ours         9.5", "a|b        120.0"]
    )


def test_markdown_table_escapes_pipes():
    table = Table("Speed", ("contender", "ns"), [("a|b", "120.0")])

    assert table.as_markdown() == "\n".join(
        ["### Speed", "", "| contender | ns |", "|---|---:|", "| a\\|b | 120.0 |"]
    )


def test_report_shows_its_summary_first_in_markdown_and_last_as_text():
    report = Report("di", ["a note"], Table("Summary", ("job",)), [Table("Details", ("job",))])

    markdown, text = report.as_markdown(), report.as_text()

    assert markdown.startswith("## di\n\n- a note\n\n### Summary\n")
    assert markdown.index("Summary") < markdown.index("Details")
    assert text.index("Details") < text.index("Summary")


def test_figures_are_scaled_and_ratios_are_not():
    table = figure_table(
        "Speed", {"ours": [2e6, 4e6], "by hand": [1e6, 4e6]}, control="by hand", unit="ms", per_unit=1e6
    )

    assert table.columns[:5] == ("contender", "ms: min", "median", "max", "x by hand: best/best")
    assert table.rows == [
        ("ours", "2.0", "3.0", "4.0", "2.00", "1.00", "1.50", "2.00"),
        ("by hand", "1.0", "2.5", "4.0", "1.00", "1.00", "1.00", "1.00"),
    ]


def test_more_columns_may_leave_contenders_out():
    table = figure_table(
        "Speed", {"a": [1.0], "b": [1.0]}, control="a", unit="ns", more={"modules": {"a": "12"}}
    )

    assert [row[-1] for row in table.rows] == ["12", ""]


def test_verdicts():
    assert within(1.5, 1.5) == "yes"
    assert within(1.51, 1.5) == "NO"
    assert within(99.0, None) == "-"
    assert ahead(1.0, [2.0, 1.1]) == "yes"
    assert ahead(1.0, [2.0, 1.0]) == "NO"
