# SPDX-License-Identifier: Apache-2.0
import asyncio
import logging
import threading
from collections.abc import Iterator

import pytest

from pyfly.config.store import Config
from pyfly.logging import StdlibLoggingAdapter, StructuredLogger, log_context
from pyfly.logging.testing import captured_logs


@pytest.fixture(autouse=True)
def untouched_logging() -> Iterator[None]:
    root, shop, bank = (logging.getLogger(name) for name in (None, "captured.shop", "captured.bank"))
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for logger in (shop, bank):
        logger.setLevel(logging.NOTSET)
        logger.propagate = True


def logger(name: str = "captured.shop") -> StructuredLogger:
    return StructuredLogger(logging.getLogger(name))


class TestEvents:
    def test_event_with_its_fields_as_given(self) -> None:
        order = object()

        with captured_logs() as events:
            logger().info("order_placed", order_id=7, order=order)

        assert events == [
            {
                "event": "order_placed",
                "level": "info",
                "logger": "captured.shop",
                "order_id": 7,
                "order": order,
            }
        ]

    def test_plain_loggers_with_arguments_and_extra(self) -> None:
        with captured_logs() as events:
            logging.getLogger("captured.shop").warning("slow query %s", "q1", extra={"seconds": 2})

        assert events == [
            {"event": "slow query q1", "level": "warning", "logger": "captured.shop", "seconds": 2}
        ]

    def test_exception_is_its_traceback(self) -> None:
        with captured_logs() as events:
            try:
                raise ValueError("broken")
            except ValueError:
                logger().exception("payment_failed")

        [event] = events
        assert str(event["exception"]).startswith("Traceback (most recent call last):\n")
        assert str(event["exception"]).endswith("\nValueError: broken")

    def test_fields_named_like_those_of_every_event(self) -> None:
        with captured_logs() as events:
            logger().info("tuned", level=3, logger="x", exception=None)

        assert events == [
            {
                "event": "tuned",
                "level": "info",
                "logger": "captured.shop",
                "field_level": 3,
                "field_logger": "x",
                "field_exception": None,
            }
        ]

    def test_fields_of_the_context(self) -> None:
        with captured_logs() as events, log_context(request_id="r1"):
            logger().info("one", id=1)

        assert [(event["request_id"], event["id"]) for event in events] == [("r1", 1)]

    async def test_threads_and_tasks(self) -> None:
        async def in_a_task() -> None:
            logger().info("task")

        with captured_logs() as events:
            thread = threading.Thread(target=lambda: logger().info("thread"))
            thread.start()
            thread.join(10)
            await asyncio.create_task(in_a_task())

        assert [event["event"] for event in events if event["logger"] == "captured.shop"] == [
            "thread",
            "task",
        ]

    def test_nothing_outside_of_the_block(self) -> None:
        with captured_logs() as events:
            pass

        logger().error("late")
        assert events == []

    def test_one_within_another(self) -> None:
        with captured_logs() as outer:
            logger().info("one")
            with captured_logs() as inner:
                logger().info("two")

        assert [event["event"] for event in outer] == ["one", "two"]
        assert [event["event"] for event in inner] == ["two"]

    def test_secrets_are_gone_once_logging_is_configured(self, capsys: pytest.CaptureFixture[str]) -> None:
        adapter = StdlibLoggingAdapter()
        adapter.configure(Config({}))

        with captured_logs() as events:
            adapter.get_logger("captured.shop").info("login", password="hunter2", user="ada")

        [event] = events
        assert (event["password"], event["user"]) == ("<REDACTED>", "ada")
        assert "login | password=<REDACTED> user=ada" in capsys.readouterr().out


class TestLevels:
    def test_from_debug_on_by_default(self) -> None:
        with captured_logs() as events:
            logger().debug("detail")

        assert [event["level"] for event in events] == ["debug"]

    @pytest.mark.parametrize(
        ("level", "captured"),
        [("TRACE", ["a", "b", "c"]), ("info", ["b", "c"]), ("WARN", ["c"]), ("OFF", [])],
    )
    def test_given_level(self, level: str, captured: list[str]) -> None:
        with captured_logs(level) as events:
            logger().log(5, "a")
            logger().info("b")
            logger().warning("c")

        assert [event["event"] for event in events] == captured

    def test_unknown_level(self) -> None:
        with pytest.raises(ValueError, match="Unknown log level 'LOUD'"), captured_logs("LOUD"):
            pass

    def test_loggers_with_a_level_of_their_own(self) -> None:
        logging.getLogger("captured.shop").setLevel(logging.ERROR)

        with captured_logs() as events:
            logger().debug("detail")

        assert [event["event"] for event in events] == ["detail"]
        assert logging.getLogger("captured.shop").level == logging.ERROR

    def test_loggers_that_do_not_propagate(self) -> None:
        logging.getLogger("captured.shop").propagate = False

        with captured_logs() as events:
            logger().info("apart")

        assert [event["event"] for event in events] == ["apart"]
        assert logging.getLogger("captured.shop").handlers == []

    def test_logging_that_was_disabled(self) -> None:
        logging.disable(logging.CRITICAL)
        try:
            with captured_logs() as events:
                logger().info("seen")

            assert [event["event"] for event in events] == ["seen"]
            assert logging.root.manager.disable == logging.CRITICAL
        finally:
            logging.disable(logging.NOTSET)

    def test_levels_are_restored(self) -> None:
        root = logging.getLogger()
        root.setLevel(logging.ERROR)

        with pytest.raises(KeyError), captured_logs():
            raise KeyError

        assert root.level == logging.ERROR

    def test_level_changed_meanwhile_stays(self) -> None:
        logging.getLogger("captured.shop").setLevel(logging.ERROR)

        with captured_logs():
            logging.getLogger("captured.shop").setLevel(logging.CRITICAL)

        assert logging.getLogger("captured.shop").level == logging.CRITICAL


class TestBesidePytest:
    def test_caplog_goes_on(self, caplog: pytest.LogCaptureFixture) -> None:
        before = logging.getLogger().handlers[:]

        with captured_logs() as events:
            logger().warning("both")

        logger().warning("later")
        assert caplog.messages == ["both", "later"]
        assert [event["event"] for event in events] == ["both"]
        assert logging.getLogger().handlers == before

    def test_caplog_levels_within(self, caplog: pytest.LogCaptureFixture) -> None:
        with captured_logs() as events, caplog.at_level(logging.ERROR, "captured.shop"):
            logger().warning("neither")
            logger().error("both")

        assert caplog.messages == ["both"]
        assert [event["event"] for event in events] == ["both"]
