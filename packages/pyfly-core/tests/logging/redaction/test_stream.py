# SPDX-License-Identifier: Apache-2.0
import io
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from pyfly.logging.redaction import (
    RedactingTextIO,
    Redactor,
    RegexRedactor,
    install_stream_redaction,
)
from pyfly.logging.redaction.stream import LONGEST_LINE

REDACTOR = RegexRedactor(["EMAIL", "BEARER_TOKEN", "PHONE"])


class Failing(Redactor):
    def redact(self, text: Any) -> Any:
        raise RuntimeError(text)


@pytest.fixture
def target() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def stream(target: io.StringIO) -> RedactingTextIO:
    return RedactingTextIO(target, REDACTOR)


class TestWriting:
    def test_line_waits_for_its_end(self, stream: RedactingTextIO, target: io.StringIO) -> None:
        stream.write("to ann@exam")
        assert target.getvalue() == ""

        stream.write("ple.com\nnext")
        assert target.getvalue() == "to <EMAIL>\n"

    def test_flush_writes_what_waits(self, stream: RedactingTextIO, target: io.StringIO) -> None:
        stream.write("name of ann@example.com? ")

        stream.flush()

        assert target.getvalue() == "name of <EMAIL>? "

    def test_number_of_characters_is_returned(self, stream: RedactingTextIO) -> None:
        assert stream.write("to ann@example.com\n") == 19

    def test_lines_are_written_one_by_one(self, stream: RedactingTextIO, target: io.StringIO) -> None:
        stream.writelines(["a@example.com\nb@exam", "ple.com\n"])

        assert target.getvalue() == "<EMAIL>\n<EMAIL>\n"

    def test_print(self, stream: RedactingTextIO, target: io.StringIO) -> None:
        print("to", "ann@example.com", file=stream)
        print("password=s3cr3t", end="", file=stream, flush=True)

        assert target.getvalue() == "to <EMAIL>\npassword=<REDACTED>"

    def test_ids_stay(self, stream: RedactingTextIO, target: io.StringIO) -> None:
        print("order 1234567890, call 5551234567", file=stream)

        assert target.getvalue() == "order 1234567890, call <PHONE>\n"

    def test_denied_keys_can_be_given(self, target: io.StringIO) -> None:
        stream = RedactingTextIO(target, REDACTOR, ["pin"])

        print("pin=1234 token=x", file=stream)

        assert target.getvalue() == "pin=<REDACTED> token=x\n"

    def test_line_ends_of_windows_stay(self, stream: RedactingTextIO, target: io.StringIO) -> None:
        stream.write("to ann@example.com\r\n")

        assert target.getvalue() == "to <EMAIL>\r\n"

    def test_what_is_no_text_is_refused(self, stream: RedactingTextIO) -> None:
        with pytest.raises(TypeError, match=r"^write\(\): expected str, got bytes$"):
            stream.write(b"x")  # type: ignore[arg-type]  # that is what is refused

    def test_failing_redactor_shows_nothing(self, target: io.StringIO) -> None:
        print("ann@example.com", file=RedactingTextIO(target, Failing()))

        assert target.getvalue() == "<REDACTION_FAILED>\n"

    def test_threads_do_not_mix_their_lines(self, stream: RedactingTextIO, target: io.StringIO) -> None:
        def write(number: int) -> None:
            for _ in range(200):
                stream.write(f"{number} to ann@example.com\n")

        threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()

        for thread in threads:
            thread.join(timeout=30)

        lines = target.getvalue().splitlines()
        assert sorted(lines) == sorted(f"{number} to <EMAIL>" for number in range(4) for _ in range(200))


class TestLongLines:
    def test_are_written_in_pieces(self, stream: RedactingTextIO, target: io.StringIO) -> None:
        stream.write("word " * 20_000)

        assert len(target.getvalue()) > 30_000
        stream.flush()
        assert target.getvalue() == "word " * 20_000

    @pytest.mark.parametrize(
        "secret", ["ann@example.com", "Bearer abcdef-123", "password = 's3cr3t and more'"]
    )
    @pytest.mark.parametrize("place", [0, 1, 5, 10, 17, 25])
    def test_secret_at_the_border_of_pieces_is_not_cut(
        self, stream: RedactingTextIO, target: io.StringIO, secret: str, place: int
    ) -> None:
        before = LONGEST_LINE - 4_096 - place
        line = "x " * (before // 2) + "y" * (before % 2) + f" {secret} " + "z " * 10_000

        for start in range(0, len(line), 1_000):
            stream.write(line[start : start + 1_000])

        stream.flush()
        assert not [part for part in ("ann", "abcdef", "s3cr3t", "more") if part in target.getvalue()]

    def test_without_a_blank_are_cut_at_the_limit(self, stream: RedactingTextIO, target: io.StringIO) -> None:
        stream.write("x" * 200_000)
        stream.flush()

        assert target.getvalue() == "x" * 200_000

    def test_whole_long_lines_are_written_in_pieces_as_well(
        self, stream: RedactingTextIO, target: io.StringIO
    ) -> None:
        line = "word " * 50_000 + "ann@example.com"

        stream.write(f"{line}\n")

        assert target.getvalue() == "word " * 50_000 + "<EMAIL>\n"

    def test_many_small_writes_are_bounded(self, stream: RedactingTextIO, target: io.StringIO) -> None:
        for _ in range(LONGEST_LINE + 10):
            stream.write("x")

        assert target.getvalue()


class TestBytes:
    @staticmethod
    def terminal() -> tuple[io.BytesIO, RedactingTextIO]:
        raw = io.BytesIO()
        return raw, RedactingTextIO(io.TextIOWrapper(raw, encoding="utf-8", newline=""), REDACTOR)

    def test_go_the_same_way(self) -> None:
        raw, stream = self.terminal()

        assert stream.buffer.write(b"to ann@example.com\n") == 19
        stream.buffer.flush()

        assert raw.getvalue() == b"to <EMAIL>\n"

    def test_character_in_two_parts(self) -> None:
        raw, stream = self.terminal()

        stream.buffer.write("größe".encode()[:3])
        stream.buffer.write("größe".encode()[3:])
        stream.buffer.flush()

        assert raw.getvalue().decode() == "größe"

    def test_keep_their_order_among_texts(self) -> None:
        raw, stream = self.terminal()

        stream.write("a ")
        stream.buffer.writelines([b"b ", b"c"])
        stream.write(" d\n")
        stream.flush()

        assert raw.getvalue() == b"a b c d\n"

    def test_other_attributes_are_the_buffers(self) -> None:
        _, stream = self.terminal()

        assert stream.buffer.writable()

    def test_stream_without_bytes_has_none(self, stream: RedactingTextIO) -> None:
        assert not hasattr(stream, "buffer")


class TestWrapping:
    def test_other_attributes_are_those_of_the_stream(self) -> None:
        wrapped = io.TextIOWrapper(io.BytesIO(), encoding="latin-1")
        stream = RedactingTextIO(wrapped, REDACTOR)

        assert stream.encoding == "latin-1"
        assert stream.isatty() is False
        assert stream.writable()
        assert stream.wrapped is wrapped

    def test_end_writes_what_waits(self, tmp_path: Path) -> None:
        file = tmp_path / "out.txt"
        with RedactingTextIO(file.open("w", encoding="utf-8"), REDACTOR) as stream:
            stream.write("to ann@example.com")

        stream.close()
        assert stream.closed
        assert file.read_text("utf-8") == "to <EMAIL>"


class TestInstalling:
    def test_streams_are_redacted_until_they_are_restored(self, capsys: pytest.CaptureFixture[str]) -> None:
        out, err = sys.stdout, sys.stderr

        restore = install_stream_redaction(REDACTOR)
        print("to ann@example.com")
        print("to ann@example.com", file=sys.stderr)
        restore()
        print("to bob@example.com")

        assert (sys.stdout, sys.stderr) == (out, err)
        shown = capsys.readouterr()
        assert shown.out == "to <EMAIL>\nto bob@example.com\n"
        assert shown.err == "to <EMAIL>\n"

    def test_what_waits_is_written_at_the_end(self, capsys: pytest.CaptureFixture[str]) -> None:
        restore = install_stream_redaction(REDACTOR)
        print("to ann@example.com", end="")
        restore()

        assert capsys.readouterr().out == "to <EMAIL>"

    def test_second_installation_takes_the_place_of_the_first(self) -> None:
        out = sys.stdout
        first = install_stream_redaction(REDACTOR)
        second = install_stream_redaction(REDACTOR)

        assert isinstance(sys.stdout, RedactingTextIO)
        assert sys.stdout.wrapped is out
        first()
        assert isinstance(sys.stdout, RedactingTextIO)
        second()
        assert sys.stdout is out

    def test_restoring_twice_does_nothing_more(self) -> None:
        out = sys.stdout
        restore = install_stream_redaction(REDACTOR)

        restore()
        restore()

        assert sys.stdout is out

    def test_stream_of_somebody_else_is_left_alone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "stdout", sys.stdout)
        restore = install_stream_redaction(REDACTOR)
        other = io.StringIO()
        sys.stdout = other

        restore()

        assert sys.stdout is other

    def test_process_without_streams(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "stdout", None)

        install_stream_redaction(REDACTOR)()

        assert sys.stdout is None
