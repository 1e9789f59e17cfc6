# SPDX-License-Identifier: Apache-2.0
"""Imports by an importer of another distribution, from a server that is there, slow, broken or gone."""

import asyncio
import gc
import json
import os
import pickle
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import invalidate_caches
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from pyfly.config.errors import ConfigurationError, ProfileError, UnresolvedPlaceholderError
from pyfly.config.import_errors import (
    ImportChainError,
    ImporterError,
    ImportSettingError,
    ImportTimeoutError,
    MissingImportError,
    UnknownImportSchemeError,
)
from pyfly.config.store import Config

IMPORTERS = """
import asyncio
import json
import threading
from urllib.parse import urlsplit

from pyfly.config.imports import ConfigImporter, ImportedSource

requests = []
blocked = threading.Event()


class HttpImporter(ConfigImporter):
    async def load(self, request):
        requests.append(request)
        url = urlsplit(request.location)
        reader, writer = await asyncio.open_connection(url.hostname, url.port)
        try:
            path = "/".join([request.application, ",".join(request.profiles) or "default", request.label])
            writer.write(f"GET /{path} HTTP/1.0\\r\\n\\r\\n".encode())
            head, _, body = (await reader.read()).partition(b"\\r\\n\\r\\n")
        finally:
            writer.close()
            await writer.wait_closed()

        if b" 200 " not in head.splitlines()[0]:
            raise LookupError(f"{request.location} answers {head.splitlines()[0].decode()}")

        return [ImportedSource(f"config-server ({request.location})", json.loads(body))]


class LocalImporter(HttpImporter):
    remote = False


class Blocking(ConfigImporter):
    async def load(self, request):
        blocked.wait(30)


class Stubborn(ConfigImporter):
    async def load(self, request):
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            return [ImportedSource("stubborn", {"late": 1})]


class SelfCancelling(ConfigImporter):
    async def load(self, request):
        asyncio.current_task().cancel()
        await asyncio.sleep(0)


class Wrong(ConfigImporter):
    async def load(self, request):
        return {"a": 1}


class Given(ConfigImporter):
    async def load(self, request):
        name, _, text = request.location.partition("=")
        return [ImportedSource(name, json.loads(text), lines={"db.pool-size": 7})]


class Reading(ConfigImporter):
    async def load(self, request):
        key = request.location
        return [ImportedSource(f"read {key}", {"seen": request.configuration.get(key)})]


NOTHING = 1
"""

Importers = Callable[..., Any]


@pytest.fixture
def importers(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Importers:
    """Install a distribution that imports the given schemes; gives its module."""

    def install(entries: dict[str, str], distribution: str = "acme") -> Any:
        folder = tmp_path_factory.mktemp("acme")
        name = f"acme_{folder.name.replace('-', '_')}_importers"
        (folder / f"{name}.py").write_text(IMPORTERS)
        information = folder / f"{distribution}-1.0.dist-info"
        information.mkdir()
        (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n")
        lines = [f"{scheme} = {name}:{target}" for scheme, target in entries.items()]
        text = "\n".join(["[pyfly.config_importers]", *lines, ""])
        (information / "entry_points.txt").write_text(text)
        monkeypatch.setattr(sys, "path", [str(folder), *sys.path])
        invalidate_caches()
        return __import__(name)

    return install


class ConfigServer:
    """Answers each request with the same settings, or as it is told."""

    def __init__(self) -> None:
        self.settings: dict[str, Any] = {}
        self.status = 200
        self.release = Event()
        self.release.set()
        self.paths: list[str] = []
        self._http: ThreadingHTTPServer | None = None
        self.port = 0
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.paths.append(self.path)
                server.release.wait(20)
                body = json.dumps(server.settings).encode()
                try:
                    self.send_response(server.status)
                    self.end_headers()
                    self.wfile.write(body)
                except OSError:
                    self.close_connection = True

            def log_message(self, *_: object) -> None:
                return

        self._http = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self._http.daemon_threads = False
        self.port = self._http.server_address[1]
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def stop(self) -> None:
        if self._http is not None:
            self.release.set()
            self._http.shutdown()
            self._thread.join(10)
            self._http.server_close()
            self._http = None


@pytest.fixture
def server() -> Iterator[ConfigServer]:
    running = ConfigServer()
    yield running
    running.stop()


@pytest.fixture
def imported(importers: Importers) -> Any:
    """The module of the importers, installed under the schemes of this file."""
    return importers(
        {
            "configserver": "HttpImporter",
            "local": "LocalImporter",
            "blocking": "Blocking",
            "stubborn": "Stubborn",
            "cancelling": "SelfCancelling",
            "wrong": "Wrong",
            "given": "Given",
            "reading": "Reading",
        }
    )


def application(folder: Path, lines: str, profiles: list[str] | None = None) -> Config:
    (folder / "pyfly.yaml").write_text(lines)
    return Config.from_sources(folder, profiles, application={"pyfly.app.name": "shop"})


def import_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "pyfly-config-import"]


def test_uri_of_a_config_server_is_imported(tmp_path: Path, imported: Any, server: ConfigServer) -> None:
    server.settings = {"shop.size": 2, "servers[0].url": "a", "servers[1].url": "b"}
    config = application(tmp_path, f"pyfly.cloud.config.uri: {server.url}\nshop: {{size: 1, name: x}}")
    assert config.get_section("shop") == {"size": 2, "name": "x"}
    assert config.get("servers") == [{"url": "a"}, {"url": "b"}]
    assert config.loaded_sources[-1] == f"config-server ({server.url})"
    assert config.origin("servers[1].url") == f"config-server ({server.url})"
    assert config.property_sources()[0]["name"] == f"config-server ({server.url})"


def test_importer_is_told_for_whom_it_imports(tmp_path: Path, imported: Any, server: ConfigServer) -> None:
    settings = f"uri: '{server.url}'\n  label: main\n  timeout: 5s"
    config = application(tmp_path, f"pyfly.cloud.config:\n  {settings}\nk: 1", ["prod", "eu"])
    (request,) = imported.requests
    assert server.paths == ["/shop/prod,eu/main"]
    assert (request.location, request.optional, request.timeout) == (server.url, False, 5.0)
    assert (request.directory, request.configuration.get("k")) == (tmp_path, 1)
    assert config.active_profiles == ["prod", "eu"]


def test_name_and_label_can_be_set(tmp_path: Path, imported: Any, server: ConfigServer) -> None:
    application(tmp_path, f"pyfly.cloud.config: {{uri: '{server.url}', name: other, label: v2}}")
    assert server.paths == ["/other/default/v2"]


@pytest.mark.parametrize(
    "setting",
    ["'{url}'", "'configserver:{url}'", "['optional:{url}']", "'optional:configserver:{url}'", "'${{at}}'"],
)
def test_location_is_written_in_any_form(
    tmp_path: Path, imported: Any, server: ConfigServer, setting: str
) -> None:
    server.settings = {"a": 1}
    text = setting.format(url=server.url)
    assert application(tmp_path, f"at: '{server.url}'\npyfly.config.import: {text}").get("a") == 1


def test_uri_takes_the_place_of_a_bare_url(tmp_path: Path, imported: Any, server: ConfigServer) -> None:
    lines = (
        f"pyfly.cloud.config.uri: {server.url}\npyfly.config.import: ['http://127.0.0.1:1/', 'given:n={{}}']"
    )
    config = application(tmp_path, lines)
    assert config.loaded_sources[-2:] == [f"config-server ({server.url})", "n"]


def test_scheme_without_location_is_that_of_the_uri(
    tmp_path: Path, imported: Any, server: ConfigServer
) -> None:
    lines = f"pyfly.cloud.config.uri: {server.url}\npyfly.config.import: ['configserver:']"
    application(tmp_path, lines)
    assert [request.location for request in imported.requests] == [server.url]


def test_urls_that_follow_each_other_are_one_location(tmp_path: Path, imported: Any) -> None:
    lines = "pyfly.cloud.config.fail-fast: false\n"
    application(
        tmp_path, lines + "pyfly.config.import: 'given:a={}, configserver:http://127.0.0.1:1,http://x'"
    )
    assert imported.requests[0].location == "http://127.0.0.1:1,http://x"


def test_no_importer_is_called_without_an_import(tmp_path: Path, imported: Any) -> None:
    application(tmp_path, "a: 1")
    assert imported.requests == []


def test_imports_over_a_network_can_be_switched_off(
    tmp_path: Path, imported: Any, server: ConfigServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYFLY_CLOUD_CONFIG_ENABLED", "no")
    application(tmp_path, f"pyfly.config.import: ['{server.url}', 'given:n={{}}']")
    assert server.paths == []


def test_imported_settings_lie_below_the_environment(
    tmp_path: Path, imported: Any, server: ConfigServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYFLY_SHOP_SIZE", "3")
    server.settings = {"shop.size": 2, "shop.name": "${name}"}
    config = application(tmp_path, f"name: Corner\npyfly.config.import: {server.url}")
    assert (config.get("shop.size"), config.get("shop.name")) == (3, "Corner")


def test_environment_names_the_imports_in_place_of_the_files(
    tmp_path: Path, imported: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYFLY_CONFIG_IMPORT", "given:a={}, given:b={}")
    config = application(tmp_path, "pyfly.config.import: file:missing.yaml")
    assert config.loaded_sources[-2:] == ["a", "b"]


def test_empty_variable_switches_the_imports_of_the_files_off(
    tmp_path: Path, imported: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYFLY_CONFIG_IMPORT", "")
    assert len(application(tmp_path, "pyfly.config.import: file:missing.yaml").loaded_sources) == 2


def test_later_import_sees_the_earlier_one_and_lies_above_it(tmp_path: Path, imported: Any) -> None:
    lines = "pyfly.config.import: ['given:a={\"k\": 1, \"seen\": 0}', 'reading:k']"
    assert application(tmp_path, lines).get("seen") == 1


def test_imported_source_can_import(tmp_path: Path, imported: Any) -> None:
    inner = json.dumps({"pyfly.config.import": "file:more.yaml", "a": 1, "b": 1})
    (tmp_path / "more.yaml").write_text("b: 2")
    config = application(tmp_path, f"pyfly.config.import: ['given:outer={inner}']")
    assert (config.get("a"), config.get("b")) == (1, 2)


def test_lines_of_an_importer_are_kept(tmp_path: Path, imported: Any) -> None:
    config = application(tmp_path, "pyfly.config.import: ['given:vault={\"db.pool-size\": 1}']")
    assert config.origin("db.poolSize") == "vault, line 7"


def test_sparse_lists_become_mappings(tmp_path: Path, imported: Any) -> None:
    data = json.dumps({"a[0]": 1, "a[2]": 3, "b[999999999]": 1, "c[0][1]": 2, "c[0][0]": 1, "d": {"x[0]": 1}})
    config = application(tmp_path, f"pyfly.config.import: ['given:n={data}']")
    assert config.get_section("a") == {"0": 1, "2": 3}
    assert config.get_section("b") == {"999999999": 1}
    assert config.get("c") == [[1, 2]]
    assert config.get_section("d") == {"x[0]": 1}


def test_subtree_wins_over_a_value_and_this_is_said(
    tmp_path: Path, imported: Any, caplog: pytest.LogCaptureFixture
) -> None:
    data = json.dumps({"a": 1, "a.b": 2, "c.d": 3, "c": 4, "e": "", "e.f": 5})
    config = application(tmp_path, f"pyfly.config.import: ['given:n={data}']")
    assert (config.get("a.b"), config.get("c.d"), config.get("e.f")) == (2, 3, 5)
    assert caplog.messages == [
        "n: a.b is a value and has keys below it; the value is left out",
        "n: c is a value and has keys below it; the value is left out",
    ]


def test_failure_is_a_warning_and_the_start_goes_on(
    tmp_path: Path, imported: Any, server: ConfigServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.status = 500
    config = application(tmp_path, f"a: 1\npyfly.cloud.config.uri: {server.url}")
    assert (config.get("a"), config.loaded_sources[-1]) == (1, str(tmp_path / "pyfly.yaml"))
    (record,) = caplog.records
    assert (record.name, record.levelname) == ("pyfly.config", "WARNING")
    assert record.getMessage() == (
        f"Cannot import configserver:{server.url} (from {tmp_path / 'pyfly.yaml'}, line 2): "
        f"LookupError: {server.url} answers HTTP/1.0 500 Internal Server Error; "
        "the application goes on without it"
    )


@pytest.mark.parametrize("fail_fast", ["true", "'on'"])
def test_fail_fast_raises_the_original_exception(
    tmp_path: Path, imported: Any, server: ConfigServer, fail_fast: str
) -> None:
    server.status = 500
    lines = f"pyfly.cloud.config:\n  uri: {server.url}\n  fail-fast: {fail_fast}"
    with pytest.raises(LookupError, match="500") as caught:
        application(tmp_path, lines)

    assert caught.value.__notes__ == [
        f"While importing configserver:{server.url} (from {tmp_path / 'pyfly.yaml'}, line 2)"
    ]


def test_fail_fast_lets_optional_imports_fail(tmp_path: Path, imported: Any) -> None:
    lines = "pyfly.cloud.config.fail-fast: true\npyfly.config.import: 'optional:http://127.0.0.1:1'"
    assert application(tmp_path, lines).get("a") is None


def test_importer_of_what_is_near_always_fails(tmp_path: Path, imported: Any) -> None:
    with pytest.raises(ConnectionRefusedError):
        application(tmp_path, "pyfly.config.import: 'local:http://127.0.0.1:1'")

    application(tmp_path, "pyfly.config.import: 'optional:local:http://127.0.0.1:1'")


def test_credentials_are_shown_nowhere(
    tmp_path: Path, imported: Any, server: ConfigServer, caplog: pytest.LogCaptureFixture
) -> None:
    lines = "pyfly.config.import: ['{0}', 'optional:http://token@127.0.0.1:1', 'http://u:p%40ss@127.0.0.1:1']"
    config = application(tmp_path, lines.format(server.url.replace("http://", "http://user:pass@")))
    everything = caplog.text + repr(config.property_sources()) + repr(config.loaded_sources)
    assert config.loaded_sources[-1] == f"config-server (http://user:******@127.0.0.1:{server.port})"
    for secret in ("pass", "p%40ss", "token@"):
        assert secret not in caplog.text + repr(config.loaded_sources)

    assert "http://******@127.0.0.1:1" in caplog.text
    assert "user:pass" not in everything


@pytest.mark.parametrize("sent", [{"pyfly.profiles.active": "x"}, {"pyfly.profiles": {"group": {"a": "b"}}}])
def test_import_cannot_choose_profiles(tmp_path: Path, imported: Any, sent: dict[str, Any]) -> None:
    lines = "pyfly.cloud.config.fail-fast: true\npyfly.config.import: ['given:vault={}']"
    with pytest.raises(ProfileError, match=r"vault: pyfly\.profiles\.\w+ cannot be set by an import"):
        application(tmp_path, lines.replace("{}", json.dumps(sent)))


def test_scheme_that_nobody_imports_is_an_error(tmp_path: Path, importers: Importers) -> None:
    importers({"vault": "Given"})
    with pytest.raises(UnknownImportSchemeError) as caught:
        application(tmp_path, "a: 1\npyfly.config.import:\n  - s3:bucket/key")

    assert str(caught.value) == (
        f"Cannot import s3:bucket/key (from {tmp_path / 'pyfly.yaml'}, line 2): "
        "no installed distribution imports s3: (there are configtree:, file:, vault:)"
    )
    assert caught.value.action == (
        "Install the distribution that imports s3:, correct the location, or write optional:s3:bucket/key."
    )


@pytest.mark.parametrize("setting", ["config.import: 'optional:s3:x'", "cloud.config.uri: 'http://x'"])
def test_scheme_that_nobody_imports_may_be_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, importers: Importers, setting: str
) -> None:
    importers({})
    application(tmp_path, f"pyfly.{setting}")
    assert "no installed distribution imports" in caplog.text


def test_missing_config_server_client_fails_fast(tmp_path: Path, importers: Importers) -> None:
    importers({})
    with pytest.raises(UnknownImportSchemeError):
        application(tmp_path, "pyfly.cloud.config: {uri: 'http://x', fail-fast: true}")


@pytest.mark.parametrize(
    ("entries", "text"),
    [
        ({"odd": "NOTHING"}, "The importer of odd: ({m}:NOTHING, from acme) is no class with a method load"),
        (
            {"odd": "Missing"},
            "The importer of odd: ({m}:Missing, from acme) cannot be loaded: AttributeError: ",
        ),
    ],
)
def test_entry_point_that_is_no_importer_is_named(
    tmp_path: Path, importers: Importers, entries: dict[str, str], text: str
) -> None:
    module = importers(entries)
    with pytest.raises(ImporterError) as caught:
        application(tmp_path, "pyfly.config.import: 'odd:y'")

    assert str(caught.value).startswith(text.replace("{m}", module.__name__))


def test_importers_of_one_scheme_are_both_named(tmp_path: Path, importers: Importers) -> None:
    first, second = importers({"odd": "Given"}), importers({"odd": "Given"}, "other")
    with pytest.raises(ImporterError) as caught:
        application(tmp_path, "pyfly.config.import: 'odd:y'")

    assert str(caught.value) == (
        f"The importer of odd: ({first.__name__}:Given, from acme) has a rival: "
        f"{second.__name__}:Given, from other"
    )


def test_importer_that_gives_something_else_is_named(tmp_path: Path, imported: Any) -> None:
    with pytest.raises(ImporterError, match="has not given a sequence of ImportedSource"):
        application(tmp_path, "pyfly.cloud.config.fail-fast: true\npyfly.config.import: 'wrong:x'")


@pytest.mark.parametrize(
    ("setting", "text"),
    [
        ("config.import: [5]", "config.import: expected a location such as file:more.yaml, got 5 (from {p})"),
        (
            "config.import: {a: 1}",
            "config.import: expected a location such as file:more.yaml, got {{'a': 1}} (from {p})",
        ),
        (
            "config.import: 'file:'",
            "config.import: expected a location such as file:more.yaml, got 'file:' (from {p})",
        ),
        (
            "config.import: ['optional:']",
            "config.import: expected a location such as file:more.yaml, got 'optional:' (from {p})",
        ),
        (
            "cloud.config: {uri: 'http://x', enabled: perhaps}",
            "cloud.config.enabled: expected true or false, got 'perhaps' (from {p})",
        ),
        (
            "cloud.config: {uri: 'http://x', timeout: 0}",
            "cloud.config.timeout: expected a duration above zero such as 10s, got 0 (from {p})",
        ),
        (
            "cloud.config: {uri: [1]}",
            "cloud.config.uri: expected a URL, or a list of them, got [1] (from {p})",
        ),
    ],
)
def test_setting_that_cannot_be_honoured_is_an_error(
    tmp_path: Path, imported: Any, setting: str, text: str
) -> None:
    with pytest.raises(ImportSettingError) as caught:
        application(tmp_path, f"pyfly.{setting}")

    assert str(caught.value) == "pyfly." + text.format(p=f"{tmp_path / 'pyfly.yaml'}, line 1")


def test_placeholder_of_a_location_must_name_something(tmp_path: Path, imported: Any) -> None:
    with pytest.raises(UnresolvedPlaceholderError):
        application(tmp_path, "pyfly.config.import: 'optional:http://${nowhere}'")


def test_slow_server_meets_the_deadline(tmp_path: Path, imported: Any, server: ConfigServer) -> None:
    server.release.clear()
    lines = f"pyfly.cloud.config: {{uri: '{server.url}', fail-fast: true, timeout: 200ms}}"
    with pytest.raises(ImportTimeoutError) as caught:
        application(tmp_path, lines)

    assert str(caught.value) == f"Cannot import configserver:{server.url}: no answer within 0.2 seconds"
    assert "pyfly.cloud.config.timeout" in caught.value.action


@pytest.mark.parametrize("scheme", ["blocking", "stubborn"])
def test_importer_that_minds_no_cancellation_meets_the_deadline(
    tmp_path: Path, imported: Any, scheme: str
) -> None:
    lines = f"pyfly.cloud.config: {{fail-fast: true, timeout: 100ms}}\npyfly.config.import: '{scheme}:x'"
    with pytest.raises(ImportTimeoutError):
        application(tmp_path, lines)

    imported.blocked.set()
    for thread in import_threads():
        thread.join(10)

    assert not import_threads()


def test_importer_that_cancels_itself_has_failed(tmp_path: Path, imported: Any) -> None:
    with pytest.raises(RuntimeError, match="cancelled itself"):
        application(tmp_path, "pyfly.cloud.config.fail-fast: true\npyfly.config.import: 'cancelling:x'")


async def test_import_works_while_a_loop_is_running(
    tmp_path: Path, imported: Any, server: ConfigServer
) -> None:
    server.settings = {"a": 1}
    config = application(tmp_path, f"pyfly.cloud.config.uri: {server.url}")
    assert config.get("a") == 1
    assert config.reload_from_sources()
    await asyncio.sleep(0)


async def test_failure_in_a_running_loop_is_the_original_one(tmp_path: Path, imported: Any) -> None:
    with pytest.raises(ConnectionRefusedError):
        application(tmp_path, "pyfly.cloud.config: {uri: 'http://127.0.0.1:1', fail-fast: true}")


def test_nothing_is_left_behind(tmp_path: Path, imported: Any, server: ConfigServer) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", ResourceWarning)
        for uri in (server.url, "http://127.0.0.1:1"):
            application(tmp_path, f"pyfly.cloud.config.uri: {uri}").reload_from_sources()

        server.release.clear()
        application(tmp_path, f"pyfly.cloud.config: {{uri: '{server.url}', timeout: 50ms}}")
        gc.collect()

    assert not import_threads()


def test_reload_fetches_again(tmp_path: Path, imported: Any, server: ConfigServer) -> None:
    server.settings = {"a": 1}
    config = application(tmp_path, f"pyfly.cloud.config.uri: {server.url}")
    server.settings = {"a": 2}
    assert config.reload_from_sources()
    assert (config.get("a"), config.loaded_sources[-1]) == (2, f"config-server ({server.url})")


@pytest.mark.parametrize("optional", ["", "optional:"])
def test_reload_that_cannot_fetch_keeps_everything(
    tmp_path: Path, imported: Any, server: ConfigServer, optional: str
) -> None:
    server.settings = {"a": 1}
    config = application(tmp_path, f"b: 1\npyfly.config.import: '{optional}{server.url}'")
    before = config.to_dict()
    server.stop()
    (tmp_path / "pyfly.yaml").write_text(f"b: 2\npyfly.config.import: '{optional}{server.url}'")
    with pytest.raises(ConnectionRefusedError):
        config.reload_from_sources()

    assert (config.to_dict(), config.get("a"), config.get("b")) == (before, 1, 1)
    server.start()
    config.reload_from_sources()
    assert (config.get("a"), config.get("b")) == (1, 2)


def test_reload_goes_on_without_what_was_never_there(
    tmp_path: Path, imported: Any, server: ConfigServer
) -> None:
    server.stop()
    config = application(tmp_path, f"b: 1\npyfly.config.import: '{server.url}'")
    (tmp_path / "pyfly.yaml").write_text(f"b: 2\npyfly.config.import: '{server.url}'")
    assert config.reload_from_sources()
    server.settings = {"a": 1}
    server.start()
    config.reload_from_sources()
    assert (config.get("a"), config.get("b")) == (1, 2)


def test_reload_that_is_undone_gives_the_old_settings_back(
    tmp_path: Path, imported: Any, server: ConfigServer
) -> None:
    server.settings = {"a": 1}
    config = application(tmp_path, f"pyfly.cloud.config.uri: {server.url}")
    server.settings = {"a": 2}
    config.reload_from_sources()
    config.undo_reload()
    assert config.get("a") == 1


def test_import_that_is_no_longer_named_is_gone_after_a_reload(tmp_path: Path, imported: Any) -> None:
    config = application(tmp_path, "pyfly.config.import: 'given:a={\"x\": 1}'")
    (tmp_path / "pyfly.yaml").write_text("y: 1")
    config.reload_from_sources()
    assert (config.get("x"), config.get("y")) == (None, 1)


@pytest.mark.parametrize(
    "error",
    [
        ImportChainError(["a", "b"], "Imports lead back"),
        ImportSettingError("k", "x", "y", "there"),
        ImportTimeoutError("vault:x", 2.5),
        ImporterError("vault", "acme:Vault", "is none"),
        MissingImportError("file:x", "/x", None),
        UnknownImportSchemeError("s3:x", "s3", ["file"], "there"),
    ],
)
def test_errors_travel_between_processes(error: ConfigurationError) -> None:
    copy = pickle.loads(pickle.dumps(error))
    assert (str(copy), copy.action, vars(copy)) == (str(error), error.action, vars(error))


INTERRUPTED = """
import os, signal, sys, threading
from pyfly.config.store import Config
import {module} as importers

class Interrupting(importers.ConfigImporter):
    async def load(self, request):
        os.kill(os.getpid(), signal.SIGINT)
        try:
            await importers.asyncio.sleep(30)
        finally:
            print("ended", flush=True)

importers.Given = Interrupting
try:
    Config.from_sources({folder!r})
except KeyboardInterrupt:
    print("interrupted")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no signal reaches a process from itself there")
def test_interrupt_ends_the_import(tmp_path: Path, importers: Importers) -> None:
    module = importers({"given": "Given"})
    (tmp_path / "pyfly.yaml").write_text("pyfly.config.import: 'given:x'")
    program = INTERRUPTED.format(module=module.__name__, folder=str(tmp_path))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    finished = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        check=True,
        env=environment,
        text=True,
        timeout=60,
    )
    assert finished.stdout == "ended\ninterrupted\n"


def test_event_loop_is_only_loaded_for_an_import(tmp_path: Path) -> None:
    (tmp_path / "pyfly.yaml").write_text("pyfly.config.import: file:more.toml")
    (tmp_path / "more.toml").write_text("a = 1")
    program = (
        "import sys; from pyfly.config.store import Config; "
        f"assert Config.from_sources({str(tmp_path)!r}).get('a') == 1; print('asyncio' in sys.modules)"
    )
    finished = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True, timeout=60
    )
    assert finished.stdout == "False\n"
