# SPDX-License-Identifier: Apache-2.0
import math
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pyfly.config.store import Config
from pyfly.logging import StdlibLoggingAdapter, StructuredLogger

PAIR = re.compile(r'[^\s="]+=(?:"(?:[^"\\]|\\.)*"|[^\s="]*)')


@pytest.fixture
def log() -> StructuredLogger:
    adapter = StdlibLoggingAdapter()
    adapter.configure(Config({"pyfly": {"logging": {"format": "logfmt", "redaction": {"enabled": False}}}}))
    return adapter.get_logger("shop")


def test_line(log: StructuredLogger, capsys: pytest.CaptureFixture[str]) -> None:
    log.info("order placed", order_id=7, paid=True, note=None, rate=math.nan, items=[1, "a"], level="gold")

    assert re.fullmatch(
        r'timestamp=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z level=info logger=shop event="order placed" '
        r'order_id=7 paid=true note=null rate=nan items="\[1, \\"a\\"\]" field_level=gold\n',
        capsys.readouterr().out,
    )


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("", '""'),
        ("plain-1.0/x", "plain-1.0/x"),
        ("größe", "größe"),
        ("a=b", '"a=b"'),
        ('say "hi"', r'"say \"hi\""'),
        ("back\\slash", r'"back\\slash"'),
        ("two\nlines\t\r", r'"two\nlines\t\r"'),
        ("\x1b[2J\u2028\x85", r'"\u001b[2J\u2028\u0085"'),
        ("'single'", "'single'"),
    ],
)
def test_value(value: str, written: str, log: StructuredLogger, capsys: pytest.CaptureFixture[str]) -> None:
    log.info("x", value=value)

    assert capsys.readouterr().out.rstrip("\n").endswith(f" value={written}")


def test_key_that_is_none(log: StructuredLogger, capsys: pytest.CaptureFixture[str]) -> None:
    log.info("x", **{"a b=\n": 1, "": 2})

    assert capsys.readouterr().out.endswith(" a_b__=1 _=2\n")


def test_traceback_is_a_value(log: StructuredLogger, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        raise ValueError("broken")
    except ValueError:
        log.exception("failed")

    [line] = capsys.readouterr().out.splitlines()
    assert r'exception="Traceback (most recent call last):\n  File ' in line
    assert line.endswith('ValueError: broken"')


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(event=st.text(), fields=st.dictionaries(st.text(max_size=5), st.text() | st.floats(), max_size=4))
def test_any_fields_give_one_line_of_pairs(
    event: str, fields: dict[str, object], log: StructuredLogger, capsys: pytest.CaptureFixture[str]
) -> None:
    log.info(event, **fields)

    [line] = capsys.readouterr().out.split("\n")[:-1]
    assert line.isprintable()
    assert len(PAIR.findall(line)) == 4 + len(fields)
    assert PAIR.sub("", line).strip() == ""
