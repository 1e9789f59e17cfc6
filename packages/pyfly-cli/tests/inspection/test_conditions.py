# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import Result

Run = Callable[..., Result]

DATABASE = "inspected_shop.Stores#database"
MEMORY = "inspected_shop.Stores#memory"


def test_the_report_has_the_shape_of_the_actuator(as_json: Callable[..., Any]) -> None:
    report = as_json("conditions", "-D", "autoconfigure.exclude=server")["contexts"]["application"]

    assert report["negativeMatches"][DATABASE]["notMatched"] == [
        {"condition": "property shop.store = database", "message": "not set"}
    ]
    assert report["negativeMatches"][DATABASE]["matched"] == []
    assert [it["condition"] for it in report["positiveMatches"][MEMORY]] == ["no bean Store"]
    assert isinstance(report["unconditionalClasses"], list)
    assert report["exclusions"] == {"server": "pyfly.autoconfigure.exclude"}


def test_nothing_is_made(shop: Run) -> None:
    assert shop("conditions").exit_code == 0
    assert not Path("made.txt").exists()


def test_the_table_tells_each_condition(shop: Run) -> None:
    lines = shop("conditions", "-D", "shop.store=database").stdout.splitlines()

    assert lines[0].split() == ["Used", "Class", "or", "method", "Holds", "Condition", "Found"]
    (database,) = (line for line in lines if DATABASE in line)
    assert database.split()[:4] == ["yes", DATABASE, "yes", "property"]
    (memory,) = (line for line in lines if MEMORY in line)
    assert memory.split()[:3] == ["no", MEMORY, "no"]
