# SPDX-License-Identifier: Apache-2.0
import pytest

from pyfly.context.condition_report import ConditionReport


@pytest.fixture
def report() -> ConditionReport:
    report = ConditionReport()
    report.record("eda.Eda", "module pyfly.eda", True, "found")
    report.unconditional("aop.Aop")
    report.record("cache.Cache#redis", "module redis", True, "found")
    report.record("cache.Cache#redis", "property pyfly.x = redis", False, 'found "memory"')
    report.record("cache.Cache#memory", "no other bean of CacheAdapter", True, "none")
    report.exclude("kafka", "named in pyfly.autoconfigure.exclude")
    return report


def test_subjects_keep_the_order_of_evaluation(report: ConditionReport) -> None:
    assert [entry.subject for entry in report.positive_matches] == ["eda.Eda", "cache.Cache#memory"]


def test_one_failing_condition_makes_a_negative_match(report: ConditionReport) -> None:
    [entry] = report.negative_matches

    assert (entry.subject, entry.matched) == ("cache.Cache#redis", False)
    assert [(it.condition, it.matched, it.reason) for it in entry.outcomes] == [
        ("module redis", True, "found"),
        ("property pyfly.x = redis", False, 'found "memory"'),
    ]


def test_unconditional_and_excluded(report: ConditionReport) -> None:
    assert report.unconditional_classes == ["aop.Aop"]
    assert report.excluded == {"kafka": "named in pyfly.autoconfigure.exclude"}


def test_plain_data(report: ConditionReport) -> None:
    assert report.to_dict() == {
        "positiveMatches": {
            "eda.Eda": [{"condition": "module pyfly.eda", "message": "found"}],
            "cache.Cache#memory": [{"condition": "no other bean of CacheAdapter", "message": "none"}],
        },
        "negativeMatches": {
            "cache.Cache#redis": {
                "notMatched": [{"condition": "property pyfly.x = redis", "message": 'found "memory"'}],
                "matched": [{"condition": "module redis", "message": "found"}],
            }
        },
        "unconditionalClasses": ["aop.Aop"],
    }


def test_text(report: ConditionReport) -> None:
    assert report.render() == (
        "Condition report\n"
        "================\n"
        "\n"
        "Used (2)\n"
        "  eda.Eda\n"
        "    + module pyfly.eda: found\n"
        "  cache.Cache#memory\n"
        "    + no other bean of CacheAdapter: none\n"
        "\n"
        "Not used (1)\n"
        "  cache.Cache#redis\n"
        "    + module redis: found\n"
        '    - property pyfly.x = redis: found "memory"\n'
        "\n"
        "Excluded (1)\n"
        "  kafka\n"
        "    named in pyfly.autoconfigure.exclude\n"
        "\n"
        "Without conditions (1)\n"
        "  aop.Aop\n"
    )


def test_text_of_an_empty_report() -> None:
    assert ConditionReport().render() == (
        "Condition report\n================\n\nUsed (0)\n  none\n\nNot used (0)\n  none\n"
    )
