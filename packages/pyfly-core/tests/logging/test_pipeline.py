# SPDX-License-Identifier: Apache-2.0
"""What a configuration puts into place, and what it leaves alone."""

import json
import logging
import os
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

import pytest

from pyfly.config.errors import ConfigurationError
from pyfly.config.store import Config
from pyfly.logging import StdlibLoggingAdapter, log_context
from pyfly.logging.redaction.processor import RedactionFilter

NAMES = [
    *("shop", "shop.orders", "shop.orders.db", "sqlalchemy", "sqlalchemy.engine", "aiokafka", "aio_pika"),
    *("uvicorn", "uvicorn.access", "granian.access", "_granian", "asyncio", "httpx", "starlette", "a.b.c.d"),
    *("apscheduler", "pymongo", "redis", "botocore", "urllib3"),
]


@pytest.fixture
def adapter() -> Iterator[StdlibLoggingAdapter]:
    adapter = StdlibLoggingAdapter()
    yield adapter
    adapter.shutdown()


def configure(adapter: StdlibLoggingAdapter, **settings: Any) -> None:
    adapter.configure(Config({"pyfly": {"logging": {"format": "json", **settings}}}))


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


class TestOneOutput:
    @pytest.mark.parametrize("name", NAMES)
    def test_for_every_logger(
        self, name: str, adapter: StdlibLoggingAdapter, capsys: pytest.CaptureFixture[str]
    ) -> None:
        configure(adapter)

        with log_context(correlation_id="c-1"):
            logging.getLogger(name).warning("took %d ms", 3, extra={"rows": 2, "password": "hunter2"})

        [line] = lines(capsys.readouterr().out)
        del line["timestamp"]
        assert line == {
            "event": "took 3 ms",
            "level": "warning",
            "logger": name,
            "rows": 2,
            "password": "<REDACTED>",
            "correlation_id": "c-1",
        }

    @pytest.mark.parametrize("stream", [sys.__stdout__, sys.__stderr__, None])
    def test_loggers_that_write_to_the_console_by_themselves_are_brought_in(
        self, stream: Any, adapter: StdlibLoggingAdapter, capsys: pytest.CaptureFixture[str]
    ) -> None:
        server = logging.getLogger("pyfly_test_server")
        server.handlers = [logging.StreamHandler(stream)]
        server.propagate = False

        configure(adapter)
        server.info("GET /")

        assert server.handlers == []
        assert [line["event"] for line in lines(capsys.readouterr().out)] == ["GET /"]

    def test_handlers_that_do_not_write_to_the_console_stay(self, adapter: StdlibLoggingAdapter) -> None:
        class Coloured(logging.StreamHandler[Any]): ...

        library = logging.getLogger("pyfly_test_library")
        with open(os.devnull, "w") as nowhere:
            library.handlers = [logging.StreamHandler(nowhere), Coloured(), logging.NullHandler()]
            before = library.handlers[:]

            configure(adapter)

            assert library.handlers == before
            library.handlers = []

    def test_basic_configuration_gives_way(
        self, adapter: StdlibLoggingAdapter, capsys: pytest.CaptureFixture[str]
    ) -> None:
        logging.getLogger().addHandler(logging.StreamHandler())

        configure(adapter)
        logging.getLogger("shop").info("once")

        captured = capsys.readouterr()
        assert len(lines(captured.out)) == 1
        assert captured.err == ""

    def test_handlers_of_others_get_records_that_are_redacted(
        self, adapter: StdlibLoggingAdapter, caplog: pytest.LogCaptureFixture
    ) -> None:
        configure(adapter)

        adapter.get_logger("shop").info("paid", password="hunter2")
        logging.getLogger("shop").info("paid", extra={"password": "hunter2"})

        assert len(caplog.records) == 2
        assert "hunter2" not in caplog.text + str([vars(record) for record in caplog.records])

    def test_many_threads_write_whole_lines(
        self, adapter: StdlibLoggingAdapter, capsys: pytest.CaptureFixture[str]
    ) -> None:
        configure(adapter)
        log = adapter.get_logger("shop")

        def work(number: int) -> None:
            for turn in range(100):
                log.info("x" * 200, number=number, turn=turn)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()

        for thread in threads:
            thread.join(10)

        found = {(line["number"], line["turn"]) for line in lines(capsys.readouterr().out)}
        assert len(found) == 800


class TestWarnings:
    def test_are_lines_where_machines_read(
        self, adapter: StdlibLoggingAdapter, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            configure(adapter)
            warnings.warn("old", DeprecationWarning, stacklevel=1)

        [line] = lines(capsys.readouterr().out)
        assert line["logger"] == "py.warnings"
        assert "DeprecationWarning: old" in line["event"]

    def test_are_left_alone_on_the_console(self, adapter: StdlibLoggingAdapter) -> None:
        configure(adapter, format="console")

        with pytest.warns(DeprecationWarning, match="old"):
            warnings.warn("old", DeprecationWarning, stacklevel=1)


class TestConfigureAgain:
    def test_closes_the_file_before(self, adapter: StdlibLoggingAdapter, tmp_path: Path) -> None:
        configure(adapter, file={"name": "a.log", "path": str(tmp_path)})
        [before] = file_handlers()

        configure(adapter, file={"name": "b.log", "path": str(tmp_path)})
        logging.getLogger("shop").info("x")

        [after] = file_handlers()
        assert before.stream is None
        assert Path(after.baseFilename).name == "b.log"
        assert (tmp_path / "a.log").read_text() == ""

    def test_switches_redaction_for_loggers_that_exist(
        self, adapter: StdlibLoggingAdapter, capsys: pytest.CaptureFixture[str]
    ) -> None:
        log = adapter.get_logger("shop")
        shown = []
        for enabled in (True, False, True):
            configure(adapter, redaction={"enabled": enabled})
            log.info("x", password="hunter2")
            shown.append("hunter2" in capsys.readouterr().out)

        assert shown == [False, True, False]

    def test_takes_no_notice_of_an_old_console_that_a_test_has_put_back(
        self, adapter: StdlibLoggingAdapter, capsys: pytest.CaptureFixture[str]
    ) -> None:
        configure(adapter)
        saved = logging.getLogger().handlers[:]
        configure(adapter)
        logging.getLogger().handlers = saved

        configure(adapter)
        logging.getLogger("shop").info("once")

        assert len(lines(capsys.readouterr().out)) == 1

    def test_gives_the_streams_back(self, adapter: StdlibLoggingAdapter) -> None:
        before = sys.stdout, sys.stderr
        configure(adapter, redaction={"streams": {"enabled": True}})
        assert sys.stdout is not before[0]

        configure(adapter)

        assert (sys.stdout, sys.stderr) == before


class TestFile:
    def test_has_the_lines_of_the_console(
        self, adapter: StdlibLoggingAdapter, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        configure(adapter, file={"name": "shop.log", "path": str(tmp_path)})

        adapter.get_logger("shop").info("paid", password="hunter2", order_id=7)

        text = (tmp_path / "shop.log").read_text()
        assert text == capsys.readouterr().out
        assert (lines(text)[0]["order_id"], "hunter2" in text) == (7, False)
        assert any(isinstance(it, RedactionFilter) for handler in file_handlers() for it in handler.filters)

    def test_has_a_pattern_of_its_own(
        self, adapter: StdlibLoggingAdapter, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        configure(
            adapter,
            file={"name": "shop.log", "path": str(tmp_path)},
            pattern={"file": "%-5level|%logger|%msg%n", "console": "%level %msg%n"},
        )

        adapter.get_logger("shop").info("paid", order_id=7)

        assert (tmp_path / "shop.log").read_text() == "INFO |shop|paid | order_id=7\n"
        assert capsys.readouterr().out == "INFO paid | order_id=7\n"

    def test_that_cannot_be_written_is_an_error_and_leaves_nothing(
        self, adapter: StdlibLoggingAdapter, tmp_path: Path
    ) -> None:
        before = logging.getLogger().handlers
        (tmp_path / "taken").write_text("")

        with pytest.raises(
            ConfigurationError, match=r"pyfly\.logging\.file: expected a file that can be written"
        ):
            configure(adapter, file={"name": "shop.log", "path": str(tmp_path / "taken")})

        assert not set(logging.getLogger().handlers) - set(before)

    def test_warning_about_a_setting_is_a_line_as_well(
        self, adapter: StdlibLoggingAdapter, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        configure(adapter, file={"name": "shop.log", "path": str(tmp_path)}, rolling={"max-size": "large"})

        assert [line["event"] for line in lines(capsys.readouterr().out)] == ["invalid_log_size"]


def test_warning_about_the_redaction_is_a_line_as_well(
    adapter: StdlibLoggingAdapter, capsys: pytest.CaptureFixture[str]
) -> None:
    configure(adapter, redaction={"extra-patterns": {"ORDER": "("}})

    [line] = lines(capsys.readouterr().out)
    assert (line["level"], line["logger"][:13]) == ("warning", "pyfly.logging")


class TestBackground:
    def test_writes_all_before_the_end(
        self, adapter: StdlibLoggingAdapter, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        configure(adapter, file={"name": "shop.log", "path": str(tmp_path)}, **{"async": {"enabled": True}})
        for number in range(500):
            adapter.get_logger("shop").info("x", number=number, password="hunter2")

        adapter.shutdown()
        adapter.shutdown()

        text = capsys.readouterr().out
        assert [line["number"] for line in lines(text)] == list(range(500))
        assert (tmp_path / "shop.log").read_text() == text
        assert "hunter2" not in text

    def test_what_comes_after_the_end_is_still_written(
        self, adapter: StdlibLoggingAdapter, capsys: pytest.CaptureFixture[str]
    ) -> None:
        configure(adapter, **{"async": {"enabled": True}})
        adapter.shutdown()

        adapter.get_logger("shop").info("late", password="hunter2")

        [line] = lines(capsys.readouterr().out)
        assert (line["event"], line["password"]) == ("late", "<REDACTED>")

    def test_wrong_size_is_refused(self, adapter: StdlibLoggingAdapter) -> None:
        with pytest.raises(
            ConfigurationError, match=r"pyfly\.logging\.async\.queue-size: expected 1 or more"
        ):
            configure(adapter, **{"async": {"enabled": True, "queue-size": 0}})


class TestShutdown:
    def test_closes_the_file_and_keeps_the_console(
        self, adapter: StdlibLoggingAdapter, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        configure(adapter, file={"name": "shop.log", "path": str(tmp_path)})

        adapter.shutdown()
        logging.getLogger("shop").info("late")

        assert file_handlers() == []
        assert [line["event"] for line in lines(capsys.readouterr().out)] == ["late"]

    def test_gives_the_streams_back(self, adapter: StdlibLoggingAdapter) -> None:
        before = sys.stdout, sys.stderr
        configure(adapter, redaction={"streams": {"enabled": True}})

        adapter.shutdown()

        assert (sys.stdout, sys.stderr) == before

    def test_leaves_the_adapter_of_another_application_alone(
        self, adapter: StdlibLoggingAdapter, tmp_path: Path
    ) -> None:
        configure(adapter)
        other = StdlibLoggingAdapter()
        configure(other, file={"name": "shop.log", "path": str(tmp_path)})

        adapter.shutdown()
        logging.getLogger("shop").info("x")

        assert len((tmp_path / "shop.log").read_text().splitlines()) == 1
        other.shutdown()

    def test_without_a_configuration_does_nothing(self) -> None:
        StdlibLoggingAdapter().shutdown()


class TestRedactedStreams:
    def test_lines_of_the_log_are_redacted_once(
        self, adapter: StdlibLoggingAdapter, capsys: pytest.CaptureFixture[str]
    ) -> None:
        configure(adapter, redaction={"streams": {"enabled": True}})

        adapter.get_logger("shop").info("paid", order_id="55512345678")
        print("mail to ann@example.com")

        first, second = capsys.readouterr().out.splitlines()
        assert json.loads(first)["order_id"] == "55512345678"
        assert second == "mail to <EMAIL>"


class TestExternalFile:
    def test_says_where_lines_go_and_they_are_redacted(
        self, adapter: StdlibLoggingAdapter, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        target = tmp_path / "external.log"
        config = tmp_path / "logging.yaml"
        config.write_text(
            "version: 1\n"
            "formatters: {plain: {format: '%(name)s %(message)s'}}\n"
            f"handlers: {{file: {{class: logging.FileHandler, filename: '{target}', formatter: plain}}}}\n"
            "root: {handlers: [file], level: WARNING}\n"
        )

        configure(adapter, config=str(config), level={"shop": "DEBUG"})
        adapter.get_logger("shop").debug("paid", password="hunter2")
        logging.getLogger("other").info("hidden")

        assert target.read_text() == "shop paid | password=<REDACTED>\n"
        assert capsys.readouterr().out == ""

    def test_that_is_missing_is_a_warning_and_the_settings_apply(
        self, adapter: StdlibLoggingAdapter, capsys: pytest.CaptureFixture[str]
    ) -> None:
        configure(adapter, config="/nowhere/logging.yaml")

        assert [line["event"] for line in lines(capsys.readouterr().out)] == ["logging_config_not_applied"]


def test_a_process_of_its_own_writes_one_object_per_line() -> None:
    code = """
import logging, warnings
from pyfly.core import Config
from pyfly.logging import StdlibLoggingAdapter, get_logger
log = get_logger("early")
logging.basicConfig()
adapter = StdlibLoggingAdapter()
adapter.configure(Config({"pyfly": {"logging": {"format": "json", "async": {"enabled": True}}}}))
log.info("first")
logging.getLogger("sqlalchemy.engine").info("x %s", 1, extra={"a": 1})
warnings.warn("old")
try:
    1 / 0
except ZeroDivisionError:
    log.exception("failed")
"""
    finished = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True, timeout=60
    )

    assert finished.stderr == ""
    first, second, warned, failed = lines(finished.stdout)
    assert (first["event"], second["event"], second["a"]) == ("first", "x 1", 1)
    assert "UserWarning: old" in warned["event"]
    assert "ZeroDivisionError" in failed["exception"]


def file_handlers() -> list[RotatingFileHandler]:
    return [it for it in logging.getLogger().handlers if isinstance(it, RotatingFileHandler)]
