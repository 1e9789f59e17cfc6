# SPDX-License-Identifier: Apache-2.0
"""`pyfly run` and the application it starts read each file and each import once."""

import json
import signal
import urllib.request
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

IMPORTER = """
import asyncio
import json
from urllib.request import urlopen

from pyfly.config.imports import ImportedSource


class Http:
    remote = True

    async def load(self, request):
        url = f"http://{request.location}/{request.application}"
        answer = await asyncio.to_thread(urlopen, url, timeout=20)
        with answer:
            return [ImportedSource("counted", json.load(answer))]
"""

# Imported by each Python that starts: notes which configuration files it opens.
COUNTING = """
import os
import sys


def hook(event, args):
    name = args[0] if event == "open" and isinstance(args[0], str) else ""
    # Where no file is, it is looked for each time.
    if name.endswith(("pyfly.yaml", "more.toml")) and os.path.exists(name):
        with open(os.environ["OPENED"], "a") as notes:
            notes.write(os.path.basename(name) + "\\n")


sys.addaudithook(hook)
"""

APPLICATION = """
import json
import os

from pyfly.core.application import PyFlyApplication, pyfly_application


@pyfly_application(name="another-name")
class Shop: ...


application = PyFlyApplication(Shop)


async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        await application.startup()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await application.shutdown()
        await send({"type": "lifespan.shutdown.complete"})
        return

    facts = {"number": application.config.get("number"), "more": application.config.get("more")}
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": json.dumps(facts).encode()})
"""


@pytest.fixture
def fetches():
    """The paths that a server of settings was asked for; it answers with their number."""
    paths = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            paths.append(self.path)
            body = json.dumps({"number": len(paths)}).encode()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        paths_and_place = (paths, f"127.0.0.1:{http.server_address[1]}")
        yield paths_and_place
        http.shutdown()
        thread.join(20)


@pytest.fixture
def shop(tmp_path, fetches, pyfly_run, free_port):
    """Run the application with some workers; the service, its port, and how often each file was opened."""
    _, place = fetches
    site, package = tmp_path / "site", tmp_path / "project" / "src" / "shop"
    information = site / "counted-1.0.dist-info"
    for folder in (information, package):
        folder.mkdir(parents=True)

    (site / "counted_importer.py").write_text(IMPORTER)
    (site / "sitecustomize.py").write_text(COUNTING)
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: counted\nVersion: 1.0\n")
    (information / "entry_points.txt").write_text(
        "[pyfly.config_importers]\ncounted = counted_importer:Http\n"
    )
    (package / "main.py").write_text(APPLICATION)
    (tmp_path / "project" / "more.toml").write_text("more = 'yes'\n")
    opened = tmp_path / "opened.txt"

    def run(workers):
        port = free_port()
        document = {
            "pyfly": {
                "app": {"name": "shop", "module": "shop.main:app"},
                "config": {"import": ["more.toml", f"counted:{place}"]},
                "server": {"host": "127.0.0.1", "port": port, "workers": workers},
            }
        }
        (tmp_path / "project" / "pyfly.yaml").write_text(json.dumps(document))
        service = pyfly_run(cwd=tmp_path / "project", env={"PYTHONPATH": str(site), "OPENED": str(opened)})
        service.wait_for_output("server_started")
        return service, port, lambda: Counter(opened.read_text().split())

    return run


def get(port):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as response:
        return json.load(response)


@pytest.mark.parametrize("workers", [1, 2])
def test_files_and_imports_are_read_once_for_launcher_and_workers(shop, fetches, workers):
    service, port, opened = shop(workers)

    assert get(port) == {"number": 1, "more": "yes"}
    assert fetches[0] == ["/shop"]
    assert opened() == {"pyfly.yaml": 1, "more.toml": 1}
    assert service.stop() == 0


def test_workers_that_replace_others_read_anew(shop, fetches, until):
    service, port, opened = shop(2)

    service.send_signal(signal.SIGHUP)

    until(lambda: len(fetches[0]) == 3, what="the imports of two new workers")
    until(lambda: get(port)["number"] > 1, what="an answer of a new worker")
    assert opened() == {"pyfly.yaml": 3, "more.toml": 3}
    assert service.stop() == 0
