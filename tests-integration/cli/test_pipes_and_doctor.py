# SPDX-License-Identifier: Apache-2.0
"""The command in a shell: pipes, and the doctor beside a service that runs."""

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

PYFLY = shlex.quote(str(Path(sys.executable).parent / "pyfly"))


def shell(line, cwd):
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {line}"], cwd=cwd, capture_output=True, text=True, timeout=120
    )


@pytest.mark.parametrize("command", ["info", "info --json", "doctor", "--version"])
def test_a_reader_that_leaves_early_gets_its_line_and_nobody_complains(tmp_path, command):
    done = shell(f"{PYFLY} {command} | head -n 1", tmp_path)

    assert len(done.stdout.splitlines()) == 1
    assert done.stderr == ""


def test_json_is_alone_on_standard_output(tmp_path):
    (tmp_path / "pyfly.yaml").write_text("pyfly: {server: {porrt: 1}}")

    done = shell(f"{PYFLY} doctor --json --strict", tmp_path)

    assert done.returncode == 1
    assert json.loads(done.stdout)["summary"]["failures"] == 1


def test_a_port_is_in_use_while_the_service_runs(tmp_path, pyfly_run, free_port):
    (tmp_path / "src" / "shop").mkdir(parents=True)
    (tmp_path / "src" / "shop" / "main.py").write_text(
        "async def app(scope, receive, send):\n"
        "    while scope['type'] == 'lifespan':\n"
        "        step = (await receive())['type']\n"
        "        await send({'type': f'{step}.complete'})\n"
        "        if step == 'lifespan.shutdown':\n"
        "            return\n"
    )
    port = free_port()
    (tmp_path / "pyfly.yaml").write_text(f"pyfly: {{server: {{host: 127.0.0.1, port: {port}}}}}")
    service = pyfly_run(cwd=tmp_path)
    service.wait_for_port(port)

    while_it_runs = shell(f"{PYFLY} doctor", tmp_path)
    service.stop()
    afterwards = shell(f"{PYFLY} doctor --strict", tmp_path)

    assert f"Cannot listen on 127.0.0.1:{port}: the address is already in use." in while_it_runs.stdout
    assert while_it_runs.returncode == 0
    assert (afterwards.returncode, f"{port} of 127.0.0.1 is free" in afterwards.stdout) == (0, True)
