# SPDX-License-Identifier: Apache-2.0
import contextvars
import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pyfly.config.errors import ConfigurationError
from pyfly.config.store import Config
from pyfly.logging import StdlibLoggingAdapter, StructuredLogger, log_context
from pyfly.logging._queue import BackgroundHandler

DEADLINE = 30

request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="none")


class Gate(logging.Handler):
    """Writes only while it is open."""

    def __init__(self) -> None:
        super().__init__()
        self.entered = threading.Event()
        self.open = threading.Event()
        self.lines: list[str] = []
        self.threads: set[str] = set()
        self.contexts: list[str] = []
        self.closed = False

    def emit(self, record: logging.LogRecord) -> None:
        self.entered.set()
        assert self.open.wait(DEADLINE)
        self.lines.append(self.format(record))
        self.threads.add(threading.current_thread().name)
        self.contexts.append(request_id.get())

    def close(self) -> None:
        self.closed = True
        super().close()


Start = Callable[..., tuple[logging.Logger, BackgroundHandler]]


@pytest.fixture
def start() -> Iterator[Start]:
    handlers: list[BackgroundHandler] = []

    def make(*targets: logging.Handler, capacity: int = 1000) -> tuple[logging.Logger, BackgroundHandler]:
        handler = BackgroundHandler(targets, capacity)
        handlers.append(handler)
        log = logging.Logger("shop")
        log.addHandler(handler)
        return log, handler

    yield make
    for handler in handlers:
        for target in handler.handlers:
            if isinstance(target, Gate):
                target.open.set()

        handler.close()


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
def opened(gate: Gate) -> Gate:
    gate.open.set()
    return gate


def run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, timeout=DEADLINE
    )


class TestWriting:
    def test_another_thread_writes_in_order(self, start: Start, opened: Gate) -> None:
        log, handler = start(opened)

        for number in range(500):
            log.info("line %d", number)

        handler.flush(DEADLINE)
        assert opened.lines == [f"line {number}" for number in range(500)]
        assert opened.threads == {"pyfly-logging"}

    def test_every_handler_gets_what_its_level_takes(self, start: Start, opened: Gate) -> None:
        errors = Gate()
        errors.open.set()
        errors.setLevel(logging.ERROR)
        log, handler = start(opened, errors)

        log.info("one")
        log.error("two")

        handler.flush(DEADLINE)
        assert (opened.lines, errors.lines) == (["one", "two"], ["two"])

    def test_caller_does_not_wait(self, start: Start, gate: Gate) -> None:
        log, handler = start(gate)

        log.info("one")
        log.info("two")

        assert gate.entered.wait(DEADLINE)
        assert gate.lines == []
        gate.open.set()
        handler.flush(DEADLINE)
        assert gate.lines == ["one", "two"]

    def test_handler_that_fails_keeps_no_other_from_writing(
        self, start: Start, opened: Gate, capsys: pytest.CaptureFixture[str]
    ) -> None:
        class Broken(logging.Handler):
            def emit(self, record: logging.LogRecord) -> None:
                raise OSError("no disk")

        log, handler = start(Broken(), opened)

        log.info("one")
        log.info("two")

        handler.flush(DEADLINE)
        assert opened.lines == ["one", "two"]
        assert capsys.readouterr().err.count("OSError: no disk") == 2

    def test_no_thread_before_the_first_record(self, start: Start, opened: Gate) -> None:
        before = set(threading.enumerate())

        start(opened)

        assert set(threading.enumerate()) <= before

    @pytest.mark.parametrize("capacity", [0, -1])
    def test_queue_without_room_is_refused(self, capacity: int) -> None:
        with pytest.raises(ConfigurationError) as caught:
            BackgroundHandler([], capacity)

        assert str(caught.value) == f"pyfly.logging.async.queue-size: expected 1 or more, got {capacity}"


class TestMomentOfTheCall:
    def test_arguments_and_fields_as_they_were(self, start: Start, gate: Gate) -> None:
        log, handler = start(gate)
        items, inner = [1], [1]
        order: dict[str, object] = {"items": inner, "tags": {"a"}, "pair": (1, [2])}

        log.info("plain %s", items, extra={"order": order})
        StructuredLogger(log).info("event %s", items, order=order, own=items)
        items.append(2)
        inner.append(2)
        order["late"] = True

        gate.open.set()
        handler.flush(DEADLINE)
        before = "{'items': [1], 'tags': {'a'}, 'pair': (1, [2])}"
        assert gate.lines == [f"plain [1] | order={before}", f"event [1] | order={before} own=[1]"]

    def test_objects_by_their_text_of_then(self, start: Start, gate: Gate) -> None:
        class Order:
            status = "new"

            def __str__(self) -> str:
                return f"order {self.status}"

        log, handler = start(gate)
        order = Order()

        StructuredLogger(log).info("placed", order=order)
        order.status = "paid"

        gate.open.set()
        handler.flush(DEADLINE)
        assert gate.lines == ["placed | order=order new"]

    def test_containers_that_contain_themselves(self, start: Start, opened: Gate) -> None:
        log, handler = start(opened)
        circle: list[object] = [1]
        circle += [circle, circle]

        StructuredLogger(log).info("placed", circle=circle)

        handler.flush(DEADLINE)
        assert opened.lines == ["placed | circle=[1, '<contains itself>', '<contains itself>']"]

    def test_traceback_is_that_of_the_call(self, start: Start, opened: Gate) -> None:
        log, handler = start(opened)

        try:
            raise ValueError("broken")
        except ValueError:
            log.exception("failed")

        handler.flush(DEADLINE)
        assert opened.lines[0].startswith("failed\nTraceback (most recent call last):\n")
        assert opened.lines[0].endswith("\nValueError: broken")

    def test_context_of_the_caller(self, start: Start, opened: Gate) -> None:
        log, handler = start(opened)

        token = request_id.set("r1")
        log.info("one")
        request_id.reset(token)
        log.info("two")

        handler.flush(DEADLINE)
        assert opened.contexts == ["r1", "none"]

    def test_record_of_the_caller_is_left_alone(self, start: Start, opened: Gate) -> None:
        log, handler = start(opened)
        record = logging.makeLogRecord({"msg": "paid %s", "args": ("half",), "levelno": 20, "order": [1]})

        log.handle(record)

        handler.flush(DEADLINE)
        assert (record.msg, record.args, vars(record)["order"]) == ("paid %s", ("half",), [1])


class TestFullQueue:
    def test_dropped_records_are_counted_and_reported(self, start: Start, gate: Gate) -> None:
        log, handler = start(gate, capacity=10)
        log.info("first")
        assert gate.entered.wait(DEADLINE)

        for number in range(25):
            log.info("line %d", number)

        assert handler.dropped == 15
        gate.open.set()
        handler.flush(DEADLINE)
        report = "log_records_dropped | dropped=15 queue_size=10"
        written = [line for line in gate.lines if line != report]
        assert gate.lines.count(report) == 1
        assert written == ["first", *(f"line {number}" for number in range(10))]

    def test_report_comes_once_there_is_room_and_not_again(self, start: Start, gate: Gate) -> None:
        log, handler = start(gate, capacity=1)
        log.info("first")
        assert gate.entered.wait(DEADLINE)
        log.info("second")
        log.info("lost")
        gate.open.set()
        handler.flush(DEADLINE)

        log.info("third")

        handler.flush(DEADLINE)
        assert [line for line in gate.lines if line != "log_records_dropped | dropped=1 queue_size=1"] == [
            "first",
            "second",
            "third",
        ]
        assert len(gate.lines) == 4

    def test_report_is_a_warning_of_the_framework(self, start: Start, gate: Gate) -> None:
        gate.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))
        log, handler = start(gate, capacity=1)
        log.info("first")
        assert gate.entered.wait(DEADLINE)
        log.info("second")
        log.info("lost")

        gate.open.set()
        handler.flush(DEADLINE)

        assert "WARNING pyfly.logging log_records_dropped | dropped=1 queue_size=1" in gate.lines


class TestEnd:
    def test_close_writes_what_waits_and_closes_the_handlers(self, start: Start, gate: Gate) -> None:
        before = set(threading.enumerate())
        log, handler = start(gate)
        log.info("one")
        log.info("two")
        gate.open.set()

        handler.close(DEADLINE)

        assert (gate.lines, gate.closed) == (["one", "two"], True)
        assert set(threading.enumerate()) <= before

    def test_closing_again_has_no_effect(self, start: Start, opened: Gate) -> None:
        log, handler = start(opened)
        log.info("one")

        handler.close(DEADLINE)
        handler.close(DEADLINE)

        assert opened.lines == ["one"]

    def test_later_records_are_written_by_their_caller(self, start: Start, opened: Gate) -> None:
        log, handler = start(opened)
        handler.close(DEADLINE)

        log.info("late")

        assert opened.lines == ["late"]
        assert opened.threads == {threading.current_thread().name}

    def test_close_gives_up_at_its_deadline(
        self, start: Start, gate: Gate, capsys: pytest.CaptureFixture[str]
    ) -> None:
        log, handler = start(gate)
        for number in range(4):
            log.info("line %d", number)

        assert gate.entered.wait(DEADLINE)
        handler.close(0.01)

        assert not gate.closed
        assert capsys.readouterr().err == ("pyfly.logging: log records not written within 0.01 seconds: 4\n")

    def test_end_of_the_interpreter_writes_what_waits(self, tmp_path: Path) -> None:
        program = """
import logging, sys, threading, time
from pyfly.logging._queue import BackgroundHandler

class Slow(logging.FileHandler):
    def emit(self, record):
        super().emit(record)
        time.sleep(0.001)  # so that most records wait when the program ends

logging.root.addHandler(BackgroundHandler([Slow(sys.argv[1])], 1000))
for number in range(200):
    logging.warning("line %d", number)
"""
        finished = run(program, str(tmp_path / "app.log"))

        assert (finished.returncode, finished.stderr) == (0, "")
        assert (tmp_path / "app.log").read_text().split("\n")[-2] == "line 199"

    def test_handler_that_hangs_does_not_keep_the_interpreter(self) -> None:
        program = """
import logging, threading
from pyfly.logging._queue import BackgroundHandler

class Hanging(logging.Handler):
    def emit(self, record):
        entered.set()
        threading.Event().wait()

entered = threading.Event()
handler = BackgroundHandler([Hanging()], 10)
logging.root.addHandler(handler)
logging.warning("never written")
entered.wait()
handler.close(0.01)
"""
        finished = run(program)

        assert (finished.returncode, finished.stderr) == (
            0,
            "pyfly.logging: log records not written within 0.01 seconds: 1\n",
        )


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
class TestForks:
    def test_child_has_a_thread_of_its_own(self, tmp_path: Path) -> None:
        program = """
import logging, os, sys, warnings
from pyfly.logging._queue import BackgroundHandler

# Newer versions of Python warn of a fork beside threads, which is what this is about.
warnings.simplefilter("ignore", DeprecationWarning)
handler = BackgroundHandler([logging.FileHandler(sys.argv[1])], 1000)
logging.root.addHandler(handler)
logging.warning("before")
child = os.fork()
for number in range(100):
    logging.warning("%s %d", "parent" if child else "child", number)

handler.flush(20)
if child:
    _, status = os.waitpid(child, 0)
    sys.exit(status)

os._exit(0)
"""
        finished = run(program, str(tmp_path / "app.log"))

        assert (finished.returncode, finished.stderr) == (0, "")
        lines = (tmp_path / "app.log").read_text().split("\n")[:-1]
        assert sorted(lines) == sorted(
            ["before", *(f"{who} {number}" for who in ("parent", "child") for number in range(100))]
        )

    @pytest.mark.parametrize("method", ["fork", "spawn"])
    def test_process_of_multiprocessing_writes_what_waits_at_its_end(
        self, tmp_path: Path, method: str
    ) -> None:
        program = tmp_path / "program.py"
        program.write_text("""
import logging, multiprocessing, sys, time
from pyfly.logging._queue import BackgroundHandler

class Slow(logging.FileHandler):
    def emit(self, record):
        super().emit(record)
        time.sleep(0.001)  # so that most records wait when the process ends

def work(path):
    logging.root.addHandler(BackgroundHandler([Slow(path)], 1000))
    for number in range(200):
        logging.warning("line %d", number)

if __name__ == "__main__":
    child = multiprocessing.get_context(sys.argv[2]).Process(target=work, args=(sys.argv[1],))
    child.start()
    child.join(20)
    sys.exit(child.exitcode)
""")

        finished = subprocess.run(
            [sys.executable, str(program), str(tmp_path / "app.log"), method],
            capture_output=True,
            text=True,
            timeout=DEADLINE,
        )

        assert (finished.returncode, finished.stderr) == (0, "")
        assert (tmp_path / "app.log").read_text().split("\n")[-2] == "line 199"


class TestConfigured:
    @pytest.fixture(autouse=True)
    def untouched_logging(self) -> Iterator[None]:
        root = logging.getLogger()
        handlers, level = root.handlers[:], root.level
        yield
        root.handlers[:] = handlers
        root.setLevel(level)

    def test_file_in_the_background(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        adapter = StdlibLoggingAdapter()
        settings = {
            "format": "json",
            "pattern": {"console": "%-5level %logger: %msg%n"},
            "file": {"name": "app.log", "path": str(tmp_path)},
            "async": {"enabled": True, "queue-size": 100},
        }
        adapter.configure(Config({"pyfly": {"logging": settings}}))

        with log_context(request_id="r1"):
            adapter.get_logger("shop").info("placed", id=7, price=1.5, paid=True, lines=[{"id": 1}])

        adapter.shutdown()
        [line] = map(json.loads, (tmp_path / "app.log").read_text().splitlines())
        del line["timestamp"]
        assert line == {
            "event": "placed",
            "level": "info",
            "logger": "shop",
            "id": 7,
            "price": 1.5,
            "paid": True,
            "lines": [{"id": 1}],
            "request_id": "r1",
        }
        assert capsys.readouterr().out == (
            "INFO  shop: placed | id=7 price=1.5 paid=True lines=[{'id': 1}] request_id=r1\n"
        )
