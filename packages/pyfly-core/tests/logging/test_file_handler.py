# SPDX-License-Identifier: Apache-2.0
import logging
import logging.handlers
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfly.config.errors import ConfigurationError
from pyfly.config.properties.logging import FileProperties, RollingProperties
from pyfly.logging.handlers import LogFileError, build_file_handler, parse_size

Build = Callable[..., logging.handlers.RotatingFileHandler]

PROCESSES, LINES = 4, 1500
WRITER = f"""
import logging, sys
from pyfly.config.properties.logging import FileProperties, RollingProperties
from pyfly.logging.handlers import build_file_handler

name, folder = sys.argv[1:]
handler = build_file_handler(FileProperties("app.log", folder), RollingProperties("4KB", 100_000))
handler.setFormatter(logging.Formatter("%(message)s"))
log = logging.Logger("shop")
log.addHandler(handler)
print("ready", flush=True)
sys.stdin.readline()
for number in range({LINES}):
    log.info("%s-%d-%s", name, number, "x" * (number % 40))
"""


@pytest.fixture
def build(tmp_path: Path) -> Iterator[Build]:
    handlers: list[logging.Handler] = []

    def make(max_size: str = "10MB", history: int = 7, cap: str = "", name: str = "app.log") -> object:
        handler = build_file_handler(
            FileProperties(name, str(tmp_path)), RollingProperties(max_size, history, cap)
        )
        assert handler is not None
        handler.setFormatter(logging.Formatter("%(message)s"))
        handlers.append(handler)
        return handler

    yield make  # type: ignore[misc]  # what is built is a rotating handler, as the first test asserts
    for handler in handlers:
        handler.close()


def write(handler: logging.Handler, *messages: str) -> None:
    for message in messages:
        handler.handle(logging.makeLogRecord({"msg": message, "levelno": logging.INFO}))


def contents(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text("utf-8") for file in folder.iterdir()}


class TestParseSize:
    @pytest.mark.parametrize(
        ("value", "size"),
        [
            ("10MB", 10 * 1024**2),
            ("10M", 10 * 1024**2),
            ("10m", 10 * 1024**2),
            ("512", 512),
            ("512B", 512),
            ("1kb", 1024),
            ("1.5 G", 1536 * 1024**2),
            (".5k", 512),
            ("2TB", 2 * 1024**4),
            (" 1 KB ", 1024),
            ("0", 0),
            ("", 0),
            ("  ", 0),
            ("ten", 0),
            ("10XB", 0),
            ("-1MB", 0),
            ("MB", 0),
            ("1e3", 0),
            ("nan", 0),
        ],
    )
    def test_bytes(self, value: str, size: int) -> None:
        assert parse_size(value) == size

    @given(st.text())
    def test_any_text_gives_a_size(self, value: str) -> None:
        assert parse_size(value) >= 0


class TestBuild:
    def test_no_name_means_no_file(self, tmp_path: Path) -> None:
        assert build_file_handler(FileProperties("", str(tmp_path)), RollingProperties()) is None
        assert build_file_handler(FileProperties("  ", str(tmp_path)), RollingProperties()) is None

    def test_is_a_rotating_handler_of_the_settings(self, build: Build, tmp_path: Path) -> None:
        handler = build("1KB", 3)

        assert isinstance(handler, logging.handlers.RotatingFileHandler)
        assert handler.baseFilename == str(tmp_path / "app.log")
        assert (handler.maxBytes, handler.backupCount, handler.encoding) == (1024, 3, "utf-8")

    def test_folder_is_made(self, tmp_path: Path) -> None:
        handler = build_file_handler(
            FileProperties("app.log", str(tmp_path / "var" / "log")), RollingProperties()
        )
        assert handler is not None
        handler.close()

        assert (tmp_path / "var" / "log" / "app.log").exists()

    @pytest.mark.parametrize("value", ["ten", "10 megabytes", "-1MB"])
    def test_wrong_size_warns_and_the_default_counts(
        self, build: Build, caplog: pytest.LogCaptureFixture, value: str
    ) -> None:
        handler = build(max_size=value)

        assert handler.maxBytes == 10 * 1024**2
        [record] = caplog.records
        assert (record.name, record.levelname) == ("pyfly.logging", "WARNING")
        assert record.getMessage() == (
            f"invalid_log_size | key=pyfly.logging.rolling.max-size value={value} "
            "expected=a size such as 10MB used=10MB"
        )

    def test_wrong_cap_warns_and_there_is_none(self, build: Build, caplog: pytest.LogCaptureFixture) -> None:
        build(cap="lots")

        assert caplog.messages == [
            "invalid_log_size | key=pyfly.logging.rolling.total-size-cap value=lots "
            "expected=a size such as 10MB used=no limit"
        ]

    def test_negative_history_is_refused(self, build: Build) -> None:
        with pytest.raises(ConfigurationError) as caught:
            build(history=-1)

        assert str(caught.value) == "pyfly.logging.rolling.max-history: expected 0 or more, got -1"

    def test_file_in_place_of_the_folder_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "log").write_text("")
        path = tmp_path / "log" / "app.log"

        with pytest.raises(LogFileError) as caught:
            build_file_handler(FileProperties("app.log", str(tmp_path / "log")), RollingProperties())

        error = caught.value
        assert isinstance(error, ConfigurationError)
        assert (error.path, error.reason) == (str(path), "File exists")
        assert (
            str(error) == f"pyfly.logging.file: expected a file that can be written, got {path} (File exists)"
        )
        assert error.action == (
            f"Let this process write {path}, or set pyfly.logging.file.path to a folder where it may write."
        )

    def test_folder_in_place_of_the_file_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "app.log").mkdir()

        with pytest.raises(LogFileError, match=r"app\.log \(Is a directory\)"):
            build_file_handler(FileProperties("app.log", str(tmp_path)), RollingProperties())

    def test_error_survives_pickling(self) -> None:
        again = pickle.loads(pickle.dumps(LogFileError("/a/b.log", "Permission denied")))

        assert (str(again), again.path, again.reason, again.action) == (
            "pyfly.logging.file: expected a file that can be written, got /a/b.log (Permission denied)",
            "/a/b.log",
            "Permission denied",
            "Let this process write /a/b.log, or set pyfly.logging.file.path to a folder where it may write.",
        )


class TestWriting:
    def test_lines_are_utf8_and_there_at_once(self, build: Build, tmp_path: Path) -> None:
        write(build(), "größe", "東京", "lone \ud800")

        assert (tmp_path / "app.log").read_bytes() == "größe\n東京\nlone \\ud800\n".encode()

    def test_goes_on_with_the_file_that_is_there(self, build: Build, tmp_path: Path) -> None:
        (tmp_path / "app.log").write_text("before\n")

        write(build(), "after")

        assert contents(tmp_path) == {"app.log": "before\nafter\n"}

    def test_follows_when_the_file_is_moved_away(self, build: Build, tmp_path: Path) -> None:
        handler = build()
        write(handler, "one")
        (tmp_path / "app.log").rename(tmp_path / "moved.log")

        write(handler, "two")

        assert contents(tmp_path) == {"moved.log": "one\n", "app.log": "two\n"}

    def test_makes_file_and_folder_again_when_they_are_removed(self, tmp_path: Path) -> None:
        folder = tmp_path / "log"
        handler = build_file_handler(FileProperties("app.log", str(folder)), RollingProperties())
        assert handler is not None
        (folder / "app.log").unlink()
        folder.rmdir()

        write(handler, "again")
        handler.close()

        assert contents(folder) == {"app.log": "again\n"}

    def test_record_that_cannot_be_formatted_is_reported(
        self, build: Build, capsys: pytest.CaptureFixture[str]
    ) -> None:
        handler = build()

        handler.handle(logging.makeLogRecord({"msg": "%d", "args": ("x",)}))

        assert "%d format" in capsys.readouterr().err


class TestRollingOver:
    def test_new_file_when_there_is_no_room(self, build: Build, tmp_path: Path) -> None:
        write(build("10", 2), "aaaa", "bbbb", "cccc", "dddd", "eeee", "ffff", "gggg", "hhhh")

        assert contents(tmp_path) == {
            "app.log": "gggg\nhhhh\n",
            "app.log.1": "eeee\nffff\n",
            "app.log.2": "cccc\ndddd\n",
        }

    def test_large_record_is_written_whole(self, build: Build, tmp_path: Path) -> None:
        write(build("10"), "x" * 50, "y")

        assert contents(tmp_path) == {"app.log": "y\n", "app.log.1": "x" * 50 + "\n"}

    @pytest.mark.parametrize("size", ["", "0"])
    def test_no_size_means_never(self, build: Build, tmp_path: Path, size: str) -> None:
        write(build(size), *["x" * 1000] * 20)

        assert list(contents(tmp_path)) == ["app.log"]

    def test_without_history_the_old_file_goes(self, build: Build, tmp_path: Path) -> None:
        write(build("10", 0), "aaaa", "bbbb", "cccc")

        assert contents(tmp_path) == {"app.log": "cccc\n"}

    def test_cap_takes_the_oldest_files(self, build: Build, tmp_path: Path) -> None:
        write(build("10", 7, "25"), *["aaaa"] * 20)

        assert sorted(contents(tmp_path)) == ["app.log", "app.log.1", "app.log.2"]

    def test_cap_below_one_file_keeps_none(self, build: Build, tmp_path: Path) -> None:
        write(build("10", 7, "5"), *["aaaa"] * 5)

        assert list(contents(tmp_path)) == ["app.log"]

    def test_files_beyond_a_shorter_history_go(self, build: Build, tmp_path: Path) -> None:
        for number in (1, 2, 3, 9):
            (tmp_path / f"app.log.{number}").write_text(f"{number}\n")

        write(build("10", 2), "aaaa", "bbbb", "cccc")

        assert contents(tmp_path) == {
            "app.log": "cccc\n",
            "app.log.1": "aaaa\nbbbb\n",
            "app.log.2": "1\n",
        }

    def test_files_of_others_stay(self, build: Build, tmp_path: Path) -> None:
        for name in ("app.log.bak", "app.log.01", "app.log.1.gz", "xapp.log.1", "app_log.1"):
            (tmp_path / name).write_text(name)

        write(build("10", 1), *["aaaa"] * 9)

        assert {"app.log.bak", "app.log.01", "app.log.1.gz", "xapp.log.1", "app_log.1"} <= set(
            contents(tmp_path)
        )

    def test_on_request(self, build: Build, tmp_path: Path) -> None:
        handler = build()
        write(handler, "one")

        handler.doRollover()
        write(handler, "two")

        assert contents(tmp_path) == {"app.log": "two\n", "app.log.1": "one\n"}

    def test_two_handlers_of_one_file_take_turns(self, build: Build, tmp_path: Path) -> None:
        one, two = build("10", 9), build("10", 9)

        for number in range(8):
            write(one, f"a{number}")
            write(two, f"b{number}")

        lines = "".join(contents(tmp_path).values()).split()
        assert sorted(lines) == sorted(f"{name}{number}" for name in "ab" for number in range(8))
        assert max(len(text) for text in contents(tmp_path).values()) <= 10

    def test_failing_roll_over_is_told_once_and_loses_no_record(
        self, build: Build, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "app.log.1").mkdir()

        write(build("10", 1), *[f"{number:04}" for number in range(6)])

        assert (tmp_path / "app.log").read_text() == "".join(f"{number:04}\n" for number in range(6))
        assert capsys.readouterr().err == (
            f"pyfly.logging: {tmp_path}/app.log cannot be rolled over (Is a directory) and grows on\n"
        )

    @pytest.mark.skipif(sys.platform == "win32", reason="a file belongs to one process there")
    def test_processes_lose_and_tear_no_line(self, tmp_path: Path) -> None:
        command = [sys.executable, "-c", WRITER]
        writers = [
            subprocess.Popen(
                [*command, f"w{number}", str(tmp_path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for number in range(PROCESSES)
        ]
        for writer in writers:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "ready\n"

        for writer in writers:
            assert writer.stdin is not None
            writer.stdin.write("go\n")
            writer.stdin.flush()

        faults = [writer.communicate(timeout=60)[1] for writer in writers]

        assert faults == [""] * PROCESSES
        files = contents(tmp_path)
        expected = [
            f"w{writer}-{number}-{'x' * (number % 40)}"
            for writer in range(PROCESSES)
            for number in range(LINES)
        ]
        assert sorted("".join(files.values()).split("\n")[:-1]) == sorted(expected)
        assert len(files) > 5
        assert set(files) == {"app.log", *(f"app.log.{number}" for number in range(1, len(files)))}

    @pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
    def test_forks_of_a_process_with_an_open_file_lose_no_line(self, tmp_path: Path) -> None:
        program = f"""
import logging, os, sys
from pyfly.config.properties.logging import FileProperties, RollingProperties
from pyfly.logging.handlers import build_file_handler

handler = build_file_handler(FileProperties("app.log", {str(tmp_path)!r}), RollingProperties("1KB", 100_000))
log = logging.Logger("shop")
log.addHandler(handler)
log.info("parent")
children = []
for name in range({PROCESSES}):
    children.append(os.fork())
    if not children[-1]:
        for number in range({LINES}):
            log.info("%d-%d", name, number)

        os._exit(0)

sys.exit(max(os.waitpid(child, 0)[1] for child in children))
"""
        finished = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)

        assert (finished.returncode, finished.stderr) == (0, "")
        expected = ["parent", *(f"{name}-{number}" for name in range(PROCESSES) for number in range(LINES))]
        assert sorted("".join(contents(tmp_path).values()).split("\n")[:-1]) == sorted(expected)


class TestFailingDisk:
    @pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no disk that is always full")
    def test_full_disk_is_told_once_and_breaks_no_caller(self, capfd: pytest.CaptureFixture[str]) -> None:
        handler = build_file_handler(FileProperties("full", "/dev"), RollingProperties("10"))
        assert handler is not None

        write(handler, *["lost"] * 50)
        handler.close()

        assert capfd.readouterr().err == (
            "pyfly.logging: /dev/full cannot be written (No space left on device); "
            "records are lost until it can\n"
        )

    def test_tells_how_many_were_lost_when_it_works_again(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        folder = tmp_path / "log"
        handler = build_file_handler(FileProperties("app.log", str(folder)), RollingProperties())
        assert handler is not None
        folder.rename(tmp_path / "away")
        folder.write_text("a file in place of the folder")
        write(handler, "one", "two", "three")

        folder.unlink()
        write(handler, "four", "five")
        handler.close()

        path = folder / "app.log"
        assert contents(folder) == {"app.log": "four\nfive\n"}
        assert capsys.readouterr().err == (
            f"pyfly.logging: {path} cannot be written (Not a directory); records are lost until it can\n"
            f"pyfly.logging: {path} can be written again; 3 records were lost\n"
        )

    @pytest.mark.skipif(sys.platform == "win32", reason="needs limits of POSIX")
    def test_line_after_a_torn_one_begins_anew(self, tmp_path: Path) -> None:
        # A limit on the size of files ends a write in its middle, as a disk does that is nearly full.
        program = f"""
import logging, resource, signal
from pyfly.config.properties.logging import FileProperties, RollingProperties
from pyfly.logging.handlers import build_file_handler

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
handler = build_file_handler(FileProperties("app.log", {str(tmp_path)!r}), RollingProperties(""))
log = logging.Logger("shop")
log.addHandler(handler)
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
log.info("first")
log.info("second")
log.info("third")
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
log.info("fourth")
"""
        finished = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
        )

        assert (tmp_path / "app.log").read_text() == "first\nseco\nfourth\n"
        assert finished.stderr == (
            f"pyfly.logging: {tmp_path}/app.log cannot be written (File too large); "
            "records are lost until it can\n"
            f"pyfly.logging: {tmp_path}/app.log can be written again; 2 records were lost\n"
        )
