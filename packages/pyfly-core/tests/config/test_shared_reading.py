# SPDX-License-Identifier: Apache-2.0
"""A launcher and its application read each file and import once; counted by real opens and real requests."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import invalidate_caches
from pathlib import Path
from threading import Thread

import pytest

from pyfly.config.errors import MalformedSourceError
from pyfly.config.shared_reading import discard, shared_reading
from pyfly.config.store import Config

IMPORTER = """
import asyncio
import json
from urllib.error import HTTPError
from urllib.request import urlopen

from pyfly.config.imports import ImportedSource


class Http:
    remote = True

    async def load(self, request):
        config = request.configuration
        asked = [
            config.get("shop.token", ""),
            config.origin("shop.token") is None,
            config.resolve_placeholders("${shop.token:}"),
            config.effective_section("shop.limits").get("size"),
            config.active_profiles,
        ]
        if config.get("shop.beyond"):
            config.to_dict()

        path = f"http://{request.location}/{request.application}/{','.join(request.profiles)}?{asked[0]}"
        try:
            answer = await asyncio.to_thread(urlopen, path, timeout=20)
        except HTTPError as error:
            error.close()
            raise LookupError(str(error)) from None

        with answer:
            return [ImportedSource(path, json.load(answer))]
"""

# Counts how often each file below the working directory is opened for reading.
COUNTING = """
import json, os, sys
from collections import Counter
from pathlib import Path

opened = Counter()
root = os.getcwd()


def hook(event, args):
    if event == "open" and isinstance(args[0], str):
        path = os.path.realpath(args[0])
        if path.startswith(root + os.sep) and os.path.exists(path):
            opened[os.path.relpath(path, root)] += 1


sys.addaudithook(hook)

from pyfly.config.shared_reading import discard, shared_reading
from pyfly.config.store import Config
"""


class Server:
    """Answers with the number of requests so far, or with the given status."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.status = 200
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.paths.append(self.path)
                self.send_response(server.status)
                self.end_headers()
                self.wfile.write(json.dumps({"number": len(server.paths)}).encode())

            def log_message(self, *_: object) -> None:
                return

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = False
        self.place = f"127.0.0.1:{self._http.server_address[1]}"
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def stop(self) -> None:
        self._http.shutdown()
        self._thread.join(20)
        self._http.server_close()


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server, and an importer of the scheme ``counted`` that asks it."""
    site = tmp_path_factory.mktemp("site")
    (site / "counted_importer.py").write_text(IMPORTER)
    information = site / "counted-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: counted\nVersion: 1.0\n")
    (information / "entry_points.txt").write_text(
        "[pyfly.config_importers]\ncounted = counted_importer:Http\n"
    )
    monkeypatch.setattr(sys, "path", [str(site), *sys.path])
    monkeypatch.setenv("PYTHONPATH", str(site))
    invalidate_caches()
    running = Server()
    yield running
    running.stop()
    sys.modules.pop("counted_importer", None)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def opens(script: str) -> dict[str, int]:
    """Run a script in the working directory; return how often it and its children opened each file."""
    done = subprocess.run(
        [sys.executable, "-c", f"{COUNTING}\n{script}\nprint(json.dumps(opened))"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    counted: dict[str, int] = json.loads(done.stdout)
    return counted


def load(profiles: list[str] | None = None, **application: str) -> Config:
    """Load the working directory as an application does."""
    settings = {f"pyfly.app.{key}": value for key, value in application.items()}
    return Config.from_sources(Path(), profiles, application=settings)


WRITTEN = """
for name, text in {
    "pyfly.yaml": "a: 1\\npyfly.config.import: [more.toml, 'configtree:secrets']",
    "pyfly-dev.yaml": "b: ${PWD}",
    "more.toml": "c = 3",
    "secrets/token": "s",
}.items():
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_text(text)

opened.clear()
os.environ["PYFLY_PROFILES_ACTIVE"] = "dev"
FILES = ["pyfly.yaml", "pyfly-dev.yaml", "more.toml", "secrets/token"]
"""


@pytest.mark.usefixtures("project")
def test_each_file_is_opened_once_for_launcher_and_application() -> None:
    counted = opens(
        WRITTEN
        + """
with shared_reading():
    first = Config.from_sources(Path.cwd())
    second = Config.from_sources(Path(), application={"pyfly.app.name": "shop"})

assert second.to_dict()["c"] == 3 and second.get("token") == "s"
assert "more.toml" in second.loaded_sources and "pyfly-dev.yaml (profile: dev)" in second.loaded_sources
assert first.origin("a") == f"{Path.cwd()}/pyfly.yaml, line 1" and second.origin("a") == "pyfly.yaml, line 1"
assert second.get("pyfly.app.name") == "shop"
"""
    )

    assert counted == {"pyfly.yaml": 1, "pyfly-dev.yaml": 1, "more.toml": 1, "secrets/token": 1}


@pytest.mark.usefixtures("project")
def test_without_sharing_each_load_reads_for_itself() -> None:
    counted = opens(WRITTEN + "Config.from_sources(Path.cwd()); Config.from_sources(Path())")

    assert counted == {"pyfly.yaml": 2, "pyfly-dev.yaml": 2, "more.toml": 2, "secrets/token": 2}


@pytest.mark.usefixtures("project")
def test_after_the_block_each_load_reads_for_itself() -> None:
    counted = opens(
        WRITTEN
        + """
with shared_reading():
    with shared_reading():
        Config.from_sources(Path())
    Config.from_sources(Path())
assert opened["pyfly.yaml"] == 1
Config.from_sources(Path())
"""
    )

    assert counted["pyfly.yaml"] == 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
@pytest.mark.usefixtures("project")
def test_a_forked_worker_takes_what_its_launcher_has_read() -> None:
    counted = opens(
        WRITTEN
        + """
with shared_reading():
    Config.from_sources(Path.cwd())
    opened.clear()
    reader, writer = os.pipe()
    if not os.fork():
        config = Config.from_sources(Path())
        shared = dict(opened)
        discard()
        Config.from_sources(Path())
        os.write(writer, json.dumps([config.get("c"), shared, opened["pyfly.yaml"]]).encode())
        os._exit(0)
    os.wait()
    assert json.loads(os.read(reader, 9999)) == [3, {}, 1]
"""
    )

    assert counted == {}


@pytest.mark.usefixtures("project")
def test_a_refresh_reads_everything_anew() -> None:
    counted = opens(
        WRITTEN
        + """
with shared_reading():
    config = Config.from_sources(Path())
    assert config.reload_from_sources()
"""
    )

    assert counted == {"pyfly.yaml": 2, "pyfly-dev.yaml": 2, "more.toml": 2, "secrets/token": 2}


def test_a_file_that_has_changed_is_read_again(project: Path) -> None:
    file = project / "pyfly.yaml"
    with shared_reading():
        file.write_text("a: 1")
        first = load()
        replacement = project / "new.yaml"
        replacement.write_text("a: 2")
        replacement.replace(file)
        second = load()
        (project / "pyfly.toml").write_text("a = 3")
        third = load()
        file.unlink()
        (project / "pyfly.toml").unlink()
        fourth = load()

    assert [it.get("a") for it in (first, second, third, fourth)] == [1, 2, 3, None]


def test_a_file_that_could_not_be_read_is_tried_again(project: Path) -> None:
    with shared_reading():
        (project / "pyfly.yaml").write_text("a: [")
        with pytest.raises(MalformedSourceError):
            load()
        (project / "pyfly.yaml").write_text("a: [1]")

        assert load().get("a") == [1]


def test_one_configuration_does_not_see_what_happens_to_another(project: Path) -> None:
    (project / "pyfly.yaml").write_text("a: {b: [1]}")
    with shared_reading():
        first, second = load(), load()
        first.get("a.b").append(2)
        first.get_section("a")["c"] = 3
        first.merge({"a.d": 4}, "more")

        assert second.to_dict()["a"] == {"b": [1]}
        assert load().to_dict()["a"] == {"b": [1]}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs os.mkfifo")
def test_what_is_no_regular_file_is_read_each_time(project: Path) -> None:
    os.mkfifo(project / "pyfly.yaml")

    def give(text: str) -> Config:
        writer = Thread(target=(project / "pyfly.yaml").write_text, args=(text,))
        writer.start()
        config = load()
        writer.join(20)
        return config

    with shared_reading():
        assert [give("a: 1").get("a"), give("a: 2").get("a")] == [1, 2]


def test_an_import_is_fetched_once(project: Path, server: Server) -> None:
    (project / "pyfly.yaml").write_text(
        f"pyfly: {{app: {{name: shop}}, config: {{import: 'counted:{server.place}'}}}}\nshop.limits.size: 3"
    )
    with shared_reading():
        first = Config.from_sources(project)
        second = load(version="2")
        assert [first.get("number"), second.get("number")] == [1, 1]
        assert second.reload_from_sources()

    assert second.get("number") == 2
    assert load().get("number") == 3
    assert server.paths == ["/shop/?"] * 3


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(lambda: load(name="a"), lambda: load(name="b"), id="name"),
        pytest.param(lambda: load(["a"], name="a"), lambda: load(["b"], name="a"), id="profiles"),
    ],
)
def test_an_import_for_somebody_else_is_another_one(
    project: Path, server: Server, first: Callable[[], Config], second: Callable[[], Config]
) -> None:
    (project / "pyfly.yaml").write_text(f"pyfly.config.import: 'counted:{server.place}'")
    with shared_reading():
        assert [first().get("number"), second().get("number"), second().get("number")] == [1, 2, 2]


def test_an_import_is_fetched_again_when_the_importer_would_be_told_something_else(
    project: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "pyfly.yaml").write_text(f"shop: {{unread: 1}}\npyfly.config.import: 'counted:{server.place}'")
    with shared_reading():
        load()
        monkeypatch.setenv("PYFLY_SHOP_UNREAD", "2")
        load()
        assert server.paths == ["/pyfly-app/?"]
        monkeypatch.setenv("PYFLY_SHOP_TOKEN", "secret")
        load()

    assert server.paths == ["/pyfly-app/?", "/pyfly-app/?secret"]


def test_an_importer_that_asks_beyond_its_protocol_is_always_asked(project: Path, server: Server) -> None:
    (project / "pyfly.yaml").write_text(f"shop.beyond: true\npyfly.config.import: 'counted:{server.place}'")
    with shared_reading():
        assert [load().get("number"), load().get("number")] == [1, 2]


def test_a_failure_that_the_start_survives_is_told_and_not_tried_again(
    project: Path, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    (project / "pyfly.yaml").write_text(f"pyfly.config.import: 'counted:{server.place}'")
    server.status = 503
    with shared_reading(), caplog.at_level(logging.WARNING):
        assert load().get("number") is None
        assert load().get("number") is None

    assert len(server.paths) == 1
    assert [record.getMessage() for record in caplog.records] == 2 * [
        f"Cannot import counted:{server.place} (from pyfly.yaml, line 1): LookupError: HTTP Error 503: "
        "Service Unavailable; the application goes on without it"
    ]


def test_an_import_counts_only_so_long(project: Path, server: Server) -> None:
    (project / "pyfly.yaml").write_text(f"pyfly.config.import: 'counted:{server.place}'")
    with shared_reading(seconds=0):
        assert [load().get("number"), load().get("number")] == [1, 2]


def test_what_was_read_can_be_discarded_within_the_block(project: Path, server: Server) -> None:
    (project / "pyfly.yaml").write_text(f"pyfly.config.import: 'counted:{server.place}'")
    with shared_reading():
        load()
        discard()
        discard()
        load()
        with shared_reading():
            assert [load().get("number"), load().get("number")] == [3, 3]

    assert len(server.paths) == 3
