# SPDX-License-Identifier: Apache-2.0
import io
import json
import os
import pty
import subprocess
import sys
from contextlib import redirect_stdout

import click
import pytest
from click.testing import CliRunner

from pyfly.cli.output import note, print_json, success, table, warn

ROWS = [("orders", 8), ("größe 日本", None), ("a" * 200, "x")]


def output_of(command):
    @click.command()
    def run():
        command()

    return CliRunner().invoke(run, [])


def on_a_terminal(code, **environment):
    """Return what a script writes on a terminal of 60 columns."""
    controller, terminal = pty.openpty()
    variables = {**os.environ, "COLUMNS": "60", "TERM": "xterm-256color", **environment}
    for name in {"NO_COLOR", "FORCE_COLOR"} - environment.keys():
        variables.pop(name, None)

    with subprocess.Popen(
        [sys.executable, "-c", f"from pyfly.cli.output import *\n{code}"],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        env=variables,
    ) as process:
        os.close(terminal)
        written = b""
        try:
            while chunk := os.read(controller, 4096):
                written += chunk
        except OSError:  # Linux tells in this way that nobody has the terminal open any more.
            pass
        finally:
            os.close(controller)
        assert process.wait(60) == 0, written

    return written.decode()


def test_a_table_in_a_pipe_is_aligned_text_that_is_never_cut():
    result = output_of(lambda: table("Servers", ["Name", "Port"], ROWS))

    assert result.stdout.splitlines() == [
        "Servers",
        "Name" + " " * 198 + "Port",
        "orders" + " " * 196 + "8",
        "größe 日本",
        "a" * 200 + "  x",
    ]
    assert result.stderr == ""


def test_wide_characters_take_two_columns():
    result = output_of(lambda: table(None, ["Name", "Port"], [("日本", 1), ("abcdef", 2)]))

    assert result.stdout.splitlines() == ["Name    Port", "日本    1", "abcdef  2"]


def test_a_table_without_rows_has_its_header():
    assert output_of(lambda: table(None, ["Name", "Port"], [])).stdout == "Name  Port\n"


def test_a_cell_is_one_line_and_controls_nothing():
    result = output_of(lambda: table(None, ["Text"], [("a\nb\tc",), ("\x1b[31mred",), ("[bold]",)]))

    assert result.stdout.splitlines() == ["Text", "a b c", "\\x1b[31mred", "[bold]"]


def test_a_table_goes_to_whatever_standard_output_is():
    text = io.StringIO()

    with redirect_stdout(text):
        table(None, ["Name"], [("größe",)])

    assert text.getvalue() == "Name\ngröße\n"


def test_a_stream_that_cannot_say_it_gets_an_escape():
    done = subprocess.run(
        [sys.executable, "-c", "from pyfly.cli.output import *; table(None, ['Name'], [('größe',)])"],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=True,
        timeout=60,
    )

    assert done.stdout.splitlines()[1] == b"gr\\xf6\\xdfe"


def test_json_is_exact_indented_and_utf_8_whatever_the_stream():
    value = {"name": "größe", "list": [1, None, True], "surrogate": "\udc80"}
    done = subprocess.run(
        [sys.executable, "-c", f"from pyfly.cli.output import *; print_json({value!r})"],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=True,
        timeout=60,
    )

    assert done.stdout.startswith('{\n  "name": "größe",'.encode())
    assert done.stdout.endswith(b"}\n")
    assert json.loads(done.stdout) == value


@pytest.mark.parametrize(("value", "error"), [(object(), TypeError), (float("nan"), ValueError)])
def test_what_json_does_not_know_is_refused_before_anything_is_printed(value, error, capsys):
    with pytest.raises(error):
        print_json({"value": value})

    assert capsys.readouterr().out == ""


def test_messages_go_to_standard_error():
    def command():
        note("reading")
        success("done")
        warn("two [bold] things")

    result = output_of(command)

    assert result.stdout == ""
    assert result.stderr == "reading\ndone\nWarning: two [bold] things\n"


def test_a_pipe_needs_no_rich():
    code = (
        "import sys; from pyfly.cli.output import *; table('T', ['A'], [[1]]); print_json({}); note('n');"
        "sys.exit('rich' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60)

    assert done.returncode == 0, done.stderr


def test_a_terminal_gets_a_frame_and_colours_and_folds_long_cells():
    written = on_a_terminal("table('Servers', ['Name'], [('a' * 100,), ('[bold]',)])")

    assert "╭" in written
    assert "\x1b[36mName" in written
    assert "[bold]" in written
    assert written.count("a" * 30) >= 2
    assert "…" not in written
    assert written.count("a") == 100 + len("Name") - 3


def test_a_terminal_without_colours_gets_none():
    written = on_a_terminal("table('Servers', ['Name'], [('a',)]); note('read'); warn('w')", NO_COLOR="1")

    assert "╭" in written
    assert "\x1b[36m" not in written
    assert "\x1b[1;33m" not in written
    assert "Warning: w" in written


def test_messages_on_a_terminal_have_their_colour_and_one_line():
    written = on_a_terminal("success('d' * 100); warn('w'); note('[n]')")

    assert f"\x1b[1;32m{'d' * 100}\x1b[0m" in written
    assert "\x1b[1;33mWarning: w\x1b[0m" in written
    assert "\x1b[36m[n]\x1b[0m" in written


def test_a_reader_that_leaves_ends_the_command_quietly(install, tmp_path):
    install("pyfly.cli_plugins", flood="cli_extras:flood")
    (tmp_path / "site" / "cli_extras.py").write_text(
        "import click\nfrom pyfly.cli.output import table\n\n\n"
        "@click.command()\ndef flood():\n"
        "    while True:\n        table(None, ['Name'], [('n' * 60,)] * 10_000)\n"
    )

    with subprocess.Popen(
        [sys.executable, "-c", "from pyfly.cli.main import cli; cli()", "flood"],
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        line = process.stdout.readline()
        process.stdout.close()
        errors = process.stderr.read()
        code = process.wait(60)

    assert (line, code, errors) == ("Name\n", 0, "")


def test_another_broken_pipe_is_an_error(pyfly, install, tmp_path):
    install("pyfly.cli_plugins", broken="cli_extras:broken")
    (tmp_path / "site" / "cli_extras.py").write_text(
        "import click\n\n\n@click.command()\ndef broken():\n    raise BrokenPipeError('of a socket')\n"
    )

    result = pyfly("broken")

    assert result.exit_code == 1
    assert "BrokenPipeError: of a socket" in result.stderr
