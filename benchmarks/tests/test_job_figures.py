# SPDX-License-Identifier: Apache-2.0
from benchmarks.contender import Contender, Role, names_by_role
from benchmarks.job_figures import JobFigures, measure_job
from benchmarks.report import Report

SAMPLES = {"ours": [3.0, 2.0], "by hand": [2.0, 4.0], "fast": [1.0, 9.0], "slow": [5.0, 6.0]}


def test_ratios_are_of_the_smallest_samples():
    figures = JobFigures.of(SAMPLES, "by hand")

    assert figures.least("ours") == 2.0
    assert figures.ratio("slow") == 2.5
    assert figures.ratio("slow", "fast") == 5.0


def test_best_is_the_one_with_the_smallest_sample():
    assert JobFigures.of(SAMPLES, "by hand").best(["slow", "fast"]) == "fast"


def test_standing_names_the_best_peer_and_who_is_ahead():
    figures = JobFigures.of(SAMPLES, "by hand")

    assert figures.standing("ours", ["slow", "fast"], 1.5) == (
        *("1.00 x", "<= 1.5 x", "yes"),
        *("0.50 x (fast)", "NO"),
    )
    assert figures.standing("ours", ["slow"], None) == ("1.00 x", "none", "-", "2.50 x (slow)", "yes")


def test_measured_job_leaves_its_table_in_the_report():
    report = Report("suite")

    figures = measure_job(
        report, "Job", {"ours": lambda: 3.0, "by hand": lambda: 2.0}, control="by hand", repeats=2, seed=1
    )

    assert figures.ratio("ours") == 1.5
    assert [(table.title, len(table.rows)) for table in report.tables] == [("Job", 2)]


def test_names_are_sorted_by_role_and_a_role_may_be_empty():
    contenders = [Contender("a", Role.PEER), Contender("b", Role.OURS), Contender("c", Role.PEER)]

    names = names_by_role(contenders)

    assert names[Role.PEER] == ["a", "c"]
    assert names[Role.OURS] == ["b"]
    assert names[Role.FLOOR] == []
