# SPDX-License-Identifier: Apache-2.0
import copy
import logging
import pickle
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest

from pyfly.logging import StructuredLogger
from pyfly.logging.structured_event import StructuredEvent


@pytest.fixture
def log() -> StructuredLogger:
    logging.getLogger("shop").setLevel(logging.DEBUG)
    return StructuredLogger(logging.getLogger("shop"))


def fields_of(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    return [dict(record.msg.fields) for record in caplog.records]  # type: ignore[attr-defined]  # an event


class TestBinding:
    def test_gives_a_new_logger(self, log: StructuredLogger, caplog: pytest.LogCaptureFixture) -> None:
        bound = log.bind(a=1, b=2)

        bound.bind(b=3).info("x")
        bound.unbind("a").info("x")
        bound.try_unbind("a", "absent").info("x")
        bound.new(c=4).info("x")
        bound.info("x")
        log.info("x")

        assert fields_of(caplog) == [{"a": 1, "b": 3}, {"b": 2}, {"b": 2}, {"c": 4}, {"a": 1, "b": 2}, {}]

    def test_unbinding_what_is_not_bound_is_an_error(self, log: StructuredLogger) -> None:
        with pytest.raises(KeyError, match="absent"):
            log.unbind("absent")

    def test_logger_survives_copies_and_pickling(
        self, log: StructuredLogger, caplog: pytest.LogCaptureFixture
    ) -> None:
        bound = log.bind(a=1)

        for again in (copy.copy(bound), copy.deepcopy(bound), pickle.loads(pickle.dumps(bound))):
            again.info("x")

        assert fields_of(caplog) == [{"a": 1}] * 3

    def test_representation(self, log: StructuredLogger) -> None:
        assert repr(log.bind(a=1)) == "<StructuredLogger shop {'a': 1}>"


class TestLevels:
    @pytest.mark.parametrize(
        ("method", "level"),
        [
            ("debug", 10),
            ("info", 20),
            ("warning", 30),
            ("warn", 30),
            ("error", 40),
            ("exception", 40),
            ("critical", 50),
            ("fatal", 50),
        ],
    )
    def test_of_the_methods(
        self, method: str, level: int, log: StructuredLogger, caplog: pytest.LogCaptureFixture
    ) -> None:
        getattr(log, method)("x")
        log.log(level, "y")

        assert [record.levelno for record in caplog.records] == [level, level]

    def test_can_be_asked_for_and_changed(self, log: StructuredLogger) -> None:
        log.setLevel(logging.ERROR)

        assert (log.isEnabledFor(logging.WARNING), log.is_enabled_for(logging.ERROR)) == (False, True)
        assert (log.getEffectiveLevel(), log.get_effective_level()) == (logging.ERROR, logging.ERROR)

    def test_disabled_level_makes_nothing(
        self, log: StructuredLogger, caplog: pytest.LogCaptureFixture
    ) -> None:
        log.setLevel("ERROR")

        for method in (log.debug, log.info, log.warning):
            method("%d", object(), a=1)

        log.log(logging.INFO, "x")
        assert caplog.records == []


class TestRecord:
    def test_has_what_a_record_of_the_standard_library_has(
        self, log: StructuredLogger, caplog: pytest.LogCaptureFixture
    ) -> None:
        log.info("x")
        logging.getLogger("shop").info("x")
        ours, theirs = map(vars, caplog.records)

        assert ours.keys() == theirs.keys()
        same = ("name", "levelname", "levelno", "pathname", "filename", "module", "funcName", "process")
        same += ("processName", "thread", "threadName", "exc_info", "exc_text", "stack_info", "args")
        assert {name: ours[name] for name in same} == {name: theirs[name] for name in same}
        assert ours["lineno"] == theirs["lineno"] - 1
        assert 0 <= theirs["created"] - ours["created"] < 60
        assert abs(ours["relativeCreated"] - theirs["relativeCreated"]) < 60_000
        assert abs(ours["created"] % 1 * 1000 - ours["msecs"]) < 1

    def test_names_the_thread(self, log: StructuredLogger, caplog: pytest.LogCaptureFixture) -> None:
        thread = threading.Thread(target=log.info, args=("x",), name="worker-7")
        thread.start()
        thread.join(10)

        assert caplog.records[0].threadName == "worker-7"
        assert caplog.records[0].thread == thread.ident

    def test_can_be_pickled(self, log: StructuredLogger, caplog: pytest.LogCaptureFixture) -> None:
        log.bind(a=1).info("paid %s", "half")

        again = pickle.loads(pickle.dumps(caplog.records[0]))
        assert again.getMessage() == "paid half | a=1"

    def test_names_the_line_of_the_caller(
        self, log: StructuredLogger, caplog: pytest.LogCaptureFixture
    ) -> None:
        def helper() -> None:
            log.info("x")
            log.info("x", stacklevel=2)
            log.log(logging.INFO, "x", stacklevel=2)
            log.info("x", stacklevel=10_000)

        helper()

        names = [record.funcName for record in caplog.records]
        here = "test_names_the_line_of_the_caller"
        assert names[:3] == ["helper", here, here]
        assert len(names) == 4

    def test_names_the_right_line_of_code_that_comes_and_goes(
        self, log: StructuredLogger, caplog: pytest.LogCaptureFixture
    ) -> None:
        for line in range(1, 200):
            exec("\n" * line + "log.info('x')", {"log": log})

        assert [record.lineno for record in caplog.records] == list(range(2, 201))

    @pytest.mark.parametrize(
        "exc_info",
        [
            lambda error: error,
            lambda error: True,
            lambda error: sys.exc_info(),
            lambda error: (type(error), error, error.__traceback__),
        ],
    )
    def test_exception(
        self, exc_info: Callable[[Exception], Any], log: StructuredLogger, caplog: pytest.LogCaptureFixture
    ) -> None:
        try:
            raise ValueError("broken")
        except ValueError as error:
            log.warning("x", exc_info=exc_info(error))
            expected = (ValueError, error, error.__traceback__)

        assert caplog.records[0].exc_info == expected

    @pytest.mark.parametrize("exc_info", [None, False, True, (None, None, None)])
    def test_no_exception(
        self, exc_info: object, log: StructuredLogger, caplog: pytest.LogCaptureFixture
    ) -> None:
        log.warning("x", exc_info=exc_info)

        assert caplog.records[0].exc_info is None

    def test_stack_as_text(self, log: StructuredLogger, caplog: pytest.LogCaptureFixture) -> None:
        log.warning("x", stack_info="somewhere")

        assert caplog.records[0].stack_info == "somewhere"


class TestEvent:
    def test_text(self) -> None:
        assert (
            str(StructuredEvent("paid %d of %d", (1, 2), {"id": 7, "by": "ann"}))
            == "paid 1 of 2 | id=7 by=ann"
        )
        assert str(StructuredEvent("100%s", (), {})) == "100%s"

    def test_single_mapping_fills_named_places(self) -> None:
        assert StructuredEvent("paid %(part)s", ({"part": "half"},), {}).event == "paid half"

    def test_arguments_that_do_not_fit_become_a_field(self) -> None:
        event = StructuredEvent("paid %d", ("half",), {"id": 7})

        assert (event.event, event.fields) == ("paid %d", {"id": 7, "positional_args": ("half",)})
