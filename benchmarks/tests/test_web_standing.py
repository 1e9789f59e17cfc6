# SPDX-License-Identifier: Apache-2.0
from benchmarks.job_figures import JobFigures
from benchmarks.report import Report, Table
from benchmarks.verdict import at_least
from benchmarks.web.standing import STANDING, Goal, microseconds, stand, stand_by_rate

FIGURES = JobFigures.of({"ours": [2000.0, 3000.0], "peer": [1000.0, 1500.0]}, "peer")


def report() -> Report:
    return Report("web", summary=Table("Where we stand", STANDING))


def test_goal_is_met_by_an_equal_ratio_unless_it_is_strict():
    assert Goal("ours", "peer", 1.0).verdict(1.0) == "yes"
    assert Goal("ours", "peer", 1.0, strictly=True).verdict(1.0) == "NO"
    assert Goal("ours", "peer", 1.0, strictly=True).verdict(0.99) == "yes"
    assert Goal("ours", "peer", None).verdict(9.0) == "-"


def test_goal_is_shown_with_its_relation():
    assert Goal("ours", "peer", 0.3).shown == "<= 0.3 x"
    assert Goal("ours", "peer", 1.0, strictly=True).shown == "< 1 x"
    assert Goal("ours", "peer", None).shown == "none"


def test_each_goal_has_a_line_if_its_contenders_took_part():
    found = report()

    stand(found, "GET", FIGURES, [Goal("ours", "peer", 1.0), Goal("ours", "absent", 1.0)], microseconds)

    assert found.summary.rows == [("GET: ours", "2.0 µs", "peer", "2.00 x", "<= 1 x", "NO", "25.0%")]


def test_rates_are_compared_the_other_way_round_than_times():
    found = report()

    stand_by_rate(
        found, "GET", FIGURES, ours="ours", beside="peer", least=0.5, shown=lambda each: f"{1e9 / each:.0f}"
    )

    assert found.summary.rows == [("GET: ours", "500000", "peer", "0.50 x", ">= 0.5 x", "yes", "25.0%")]


def test_least_figure_is_reached_by_an_equal_one():
    assert at_least(0.95, 0.95) == "yes"
    assert at_least(0.94, 0.95) == "NO"
