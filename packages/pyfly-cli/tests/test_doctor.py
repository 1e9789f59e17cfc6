# SPDX-License-Identifier: Apache-2.0
import json
import platform
import re
import socket
import sys
from pathlib import Path

import pytest

SERVER = """
from pyfly.server.exceptions import RefusedSettingError


class Acme:
    def serve(self, app, config):
        raise AssertionError("doctor serves nothing")

    def check(self, config):
        if config.http == "3":
            raise RefusedSettingError(
                "pyfly.server.http", "3", server="acme", reason="it has no HTTP/3.", action="Use http: auto."
            )


class Short:
    def run(self, app, host, port):
        raise AssertionError("doctor serves nothing")
"""


@pytest.fixture
def doctor(pyfly, monkeypatch):
    """Run ``pyfly doctor --json``; return its results by check, and keep the rest of what it says."""
    monkeypatch.delenv("PYFLY_PROFILES_ACTIVE", raising=False)

    def run(*args):
        result = pyfly("doctor", "--json", *args)
        assert result.exit_code == 0, result.output
        found = {}
        for item in json.loads(result.stdout)["results"]:
            found.setdefault(item.pop("check"), []).append(item)

        return found

    return run


@pytest.fixture
def server(distribution):
    """Install a server, and settings that name it and a free port."""
    distribution(
        "acme-server",
        entry_points={"pyfly.servers": {"acme": "acme_server:Acme", "short": "acme_server:Short"}},
        files={"acme_server.py": SERVER},
    )

    def configure(**settings):
        settings = {"type": "acme", "host": "127.0.0.1", "port": 0} | settings
        Path("pyfly.yaml").write_text(json.dumps({"pyfly": {"server": settings}}))
        Path("src/shop").mkdir(parents=True, exist_ok=True)
        Path("src/shop/main.py").write_text("app = print\n")

    return configure


def only(results):
    (result,) = results
    return result


def failures(results):
    return [result for result in results if result["state"] == "failure"]


def test_the_text_has_a_line_for_each_check_and_a_summary(pyfly):
    result = pyfly("doctor")

    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "PyFly Doctor"
    assert lines[1].split() == ["State", "Check", "Result", "Advice"]
    assert any(line.startswith("ok") and "Python" in line for line in lines)
    assert re.fullmatch(r"\d+ ok, \d+ warnings?, \d+ failures?", lines[-1])


def test_strict_tells_failures_by_the_exit_code(pyfly, distribution):
    assert pyfly("doctor").exit_code == 0
    distribution("pyfly-acme", requires=["no-such-distribution"])

    assert pyfly("doctor").exit_code == 0
    assert pyfly("doctor", "--strict").exit_code == 1
    assert pyfly("doctor", "--strict", "--json").exit_code == 1


def test_the_summary_counts_the_results(pyfly):
    found = json.loads(pyfly("doctor", "--json").stdout)

    counted = found["summary"]
    assert sum(counted.values()) == len(found["results"])
    assert counted["ok"] == len([it for it in found["results"] if it["state"] == "ok"])


class TestPython:
    def test_the_version_is_told(self, doctor):
        assert only(doctor()["Python"])["message"].startswith(platform.python_version())

    def test_a_distribution_may_want_another_one(self, doctor, distribution):
        distribution("pyfly-acme", python=">=99")

        result = only(doctor()["Python"])

        assert result["state"] == "failure"
        assert result["message"] == f"{platform.python_version()}, but pyfly-acme requires >=99"
        assert ">=99" in result["advice"]

    def test_the_project_may_want_another_one(self, doctor, pyfly):
        Path("pyproject.toml").write_text("[project]\nrequires-python = '>=98'\n")

        assert "pyproject.toml requires >=98" in only(doctor()["Python"])["message"]

    def test_a_version_that_is_none_is_a_warning(self, doctor):
        Path("pyproject.toml").write_text("[project]\nrequires-python = 'new'\n")

        assert [it["state"] for it in doctor()["Python"]] == ["warning", "ok"]

    def test_without_a_virtual_environment_there_is_a_warning(self, doctor, monkeypatch):
        monkeypatch.setattr(sys, "prefix", sys.base_prefix)
        monkeypatch.delenv("CONDA_PREFIX", raising=False)

        assert only(doctor()["Virtual environment"])["state"] == "warning"

    def test_without_git_there_is_a_warning(self, doctor, monkeypatch, tmp_path):
        monkeypatch.setenv("PATH", str(tmp_path))

        assert only(doctor()["Git"])["state"] == "warning"


class TestVersions:
    def test_what_fits_is_told_in_one_line(self, doctor):
        assert only(doctor()["Versions"])["state"] == "ok"

    def test_what_does_not_fit_is_told_with_the_command_that_mends_it(self, doctor, distribution):
        distribution(
            "pyfly-acme",
            requires=[
                "pyfly-core>=99",
                "no-such-distribution<2",
                "click>=1; sys_platform == 'nowhere'",
                "rare; extra == 'rare'",
                "pyfly-acme[rare]",
            ],
            extras=["rare"],
        )

        found = doctor()["Versions"]

        assert [it["advice"] for it in found] == [
            'pip install "pyfly-core>=99"',
            'pip install "no-such-distribution<2"',
            'pip install "rare"',
        ]
        assert found[0]["message"].startswith("pyfly-acme requires pyfly-core>=99, but ")
        assert found[1]["message"].endswith("but it is not installed")
        assert found[2]["message"].startswith("pyfly-acme[rare] requires rare")


class TestEntryPoints:
    def test_broken_ones_are_named_with_their_distribution(self, doctor, distribution):
        distribution(
            "acme",
            entry_points={
                "pyfly.auto_configuration": {"acme-auto": "acme_parts:Plain", "acme-gone": "acme_parts:Gone"},
                "pyfly.config_properties": {"acme.section": "acme_parts:Plain"},
                "pyfly.servers": {"acme": "acme_lib_missing:Server"},
                "pyfly.acme": {"any": "acme_parts:Plain", "absent": "acme_needs:anything"},
            },
            files={
                "acme_parts.py": "class Plain: ...\n",
                "acme_needs.py": "import a_library_that_is_not_there\n",
            },
        )

        found = [it for it in doctor()["Entry points"] if it["state"] != "ok"]

        told = {it["message"].partition(" (")[0]: it for it in found}
        assert {name: it["state"] for name, it in told.items()} == {
            "absent = acme_needs:anything": "warning",
            "acme-auto = acme_parts:Plain": "failure",
            "acme-gone = acme_parts:Gone": "failure",
            "acme.section = acme_parts:Plain": "failure",
            "acme = acme_lib_missing:Server": "failure",
        }
        assert told["acme-auto = acme_parts:Plain"]["message"] == (
            "acme-auto = acme_parts:Plain (pyfly.auto_configuration, from acme): expected a class with "
            "@auto_configuration, got Plain"
        )
        assert told["absent = acme_needs:anything"]["message"].endswith(
            "module 'a_library_that_is_not_there' is not installed"
        )

    def test_what_prints_or_ends_while_it_is_loaded_spoils_nothing(self, doctor, distribution):
        distribution(
            "acme",
            entry_points={"pyfly.acme": {"loud": "acme_loud:x", "end": "acme_end:x"}},
            files={"acme_loud.py": "print('loud')\nx = 1\n", "acme_end.py": "raise SystemExit(3)\n"},
        )

        (failure,) = failures(doctor()["Entry points"])

        assert "SystemExit: 3" in failure["message"]

    def test_those_that_are_installed_are_sound(self, doctor):
        assert only(doctor()["Entry points"])["state"] == "ok"


class TestConfiguration:
    def test_sources_and_profiles_are_told(self, doctor):
        Path("pyfly.yaml").write_text("pyfly.profiles.active: [a, b]\n")

        result = only(doctor()["Configuration"])

        assert result["state"] == "ok"
        assert result["message"].endswith("pyfly.yaml; active profiles: a, b")

    def test_a_file_that_cannot_be_read_is_a_failure_and_the_end(self, doctor):
        Path("pyfly.yaml").write_text("a: [")

        found = doctor()

        assert "pyfly.yaml" in only(found["Configuration"])["message"]
        assert only(found["Configuration"])["state"] == "failure"
        assert "Application" not in found

    def test_an_unknown_key_is_told_with_its_line_and_what_is_meant(self, doctor):
        Path("pyfly.yaml").write_text("pyfly:\n  server:\n    porrt: 1\n")

        (result,) = failures(doctor()["Configuration"])

        assert result["message"].startswith(
            "pyfly.server.porrt: no such key, did you mean pyfly.server.port?"
        )
        assert "pyfly.yaml, line 3" in result["message"]
        assert result["advice"] == "Write pyfly.server.port, or remove the key."

    def test_it_is_a_warning_where_the_start_only_warns(self, doctor):
        Path("pyfly.yaml").write_text("pyfly: {server: {porrt: 1}, config: {strict: false}}\n")

        assert only(doctor()["Configuration"])["state"] == "warning"

    def test_a_value_that_does_not_fit_is_told(self, doctor):
        Path("pyfly.yaml").write_text("pyfly:\n  server:\n    workers: many\n")

        found = doctor()

        assert only(found["Configuration"])["message"].startswith(
            "pyfly.server.workers: expected an integer, got 'many'"
        )
        assert only(found["Server"])["message"] == "its settings cannot be read"

    def test_sections_and_variables_without_effect_are_warnings(self, doctor, monkeypatch):
        Path("pyfly.yaml").write_text("pyfly.acme.depth: 1\n")
        monkeypatch.setenv("PYFLY_SERVER_PORTT", "1")

        found = doctor()["Configuration"]

        assert [it["state"] for it in found] == ["warning", "warning", "ok"]
        assert "pyfly.acme" in found[0]["message"]
        assert "did you mean PYFLY_SERVER_PORT" in found[1]["message"]


class TestApplication:
    def test_none_is_a_warning(self, doctor):
        result = only(doctor()["Application"])

        assert result["state"] == "warning"
        assert result["message"].startswith("No application found.")

    def test_it_is_found_and_not_imported(self, doctor):
        Path("src/shop").mkdir(parents=True)
        Path("src/shop/main.py").write_text("raise SystemExit\napp = print\n")

        assert only(doctor()["Application"]) == {
            "state": "ok",
            "message": "shop.main:app (not imported)",
            "advice": None,
        }

    def test_a_misspelt_one_is_told_with_what_may_be_meant(self, doctor):
        Path("pyfly.yaml").write_text("pyfly.app.module: shop.mian:app\n")
        Path("src/shop").mkdir(parents=True)
        Path("src/shop/main.py").write_text("app = print\n")

        result = only(doctor()["Application"])

        assert result["state"] == "failure"
        assert result["advice"] == "Did you mean shop.main:app?"


class TestServer:
    def test_server_loop_and_port_are_told(self, doctor, server):
        server(**{"event-loop": "asyncio"})

        found = doctor()

        assert only(found["Server"])["message"] == "acme, event loop asyncio"
        assert only(found["Port"])["message"] == "any free one"

    def test_a_server_that_is_not_installed_is_a_failure(self, doctor, server):
        server(type="acne")

        result = only(doctor()["Server"])

        assert (result["state"], "acne" in result["message"]) == ("failure", True)
        assert "acme" in result["advice"]

    def test_without_an_application_it_is_a_warning(self, doctor):
        Path("pyfly.yaml").write_text("pyfly.server.type: acne\n")

        assert only(doctor()["Server"])["state"] == "warning"

    @pytest.mark.parametrize(
        ("settings", "message"),
        [
            ({"http": "3"}, "pyfly.server.http = '3': it has no HTTP/3."),
            ({"event-loop": "acme"}, "pyfly.server.event-loop = 'acme': there is no such event loop."),
            (
                {"type": "short", "workers": 3},
                "pyfly.server.workers = 3: the server 'short' only has run(app, host, port).",
            ),
        ],
    )
    def test_a_refused_setting_is_told(self, doctor, server, settings, message):
        server(**settings)

        result = only(doctor()["Server"])

        assert (result["state"], result["message"]) == ("failure", message)
        assert result["advice"]

    def test_a_port_that_is_taken_is_a_failure(self, doctor, server):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            server(port=taken.getsockname()[1])
            busy = only(doctor()["Port"])

        free = only(doctor()["Port"])

        assert busy["state"] == "failure"
        assert "in use" in busy["message"]
        assert free["state"] == "ok"

    def test_a_unix_socket_is_left_alone(self, doctor, server):
        server(uds="a.sock")

        assert only(doctor()["Port"])["state"] == "ok"
        assert not Path("a.sock").exists()


class TestReachability:
    @pytest.fixture
    def listening(self):
        with socket.create_server(("127.0.0.1", 0)) as found:
            yield found.getsockname()[1]

    @pytest.fixture
    def closed(self):
        with socket.create_server(("127.0.0.1", 0)) as found:
            port = found.getsockname()[1]

        return port

    def test_what_accepts_connections_is_reachable(self, doctor, listening):
        Path("pyfly.yaml").write_text(f"pyfly.messaging.kafka.bootstrap-servers: 'localhost:{listening}'\n")

        assert only(doctor()["Broker"]) == {
            "state": "ok",
            "message": f"localhost:{listening} (pyfly.messaging.kafka.bootstrap-servers) accepts connections",
            "advice": None,
        }

    def test_what_does_not_is_a_failure_without_its_password(self, pyfly, closed):
        Path("pyfly.yaml").write_text(
            f"pyfly.messaging.rabbitmq.url: amqp://guest:hidden@127.0.0.1:{closed}/v?secret=hidden\n"
        )

        result = pyfly("doctor")

        assert f"127.0.0.1:{closed}: Connection refused (pyfly.messaging.rabbitmq.url)" in result.stdout
        assert "hidden" not in result.output

    def test_one_of_several_is_a_warning(self, doctor, listening, closed):
        Path("pyfly.yaml").write_text(
            f"pyfly.data.document.uri: mongodb://u:p@127.0.0.1:{listening},127.0.0.1:{closed}/db\n"
        )

        result = only(doctor()["Database"])

        assert result["state"] == "warning"
        assert result["message"].startswith(f"127.0.0.1:{closed}: ")

    def test_several_urls_are_one_setting(self, doctor, listening):
        Path("pyfly.yaml").write_text(
            "pyfly.cloud.config:\n  enabled: false\n"
            f"  uri: 'http://127.0.0.1:{listening}/a,http://localhost:{listening}'\n"
        )

        message = only(doctor()["Configuration server"])["message"]

        assert message.startswith(f"127.0.0.1:{listening}, localhost:{listening} (")

    def test_a_name_that_nobody_knows_is_a_failure(self, doctor):
        Path("pyfly.yaml").write_text("pyfly.cache.redis.url: redis://no-such-host.invalid\n")

        result = only(doctor()["Cache"])

        assert result["state"] == "failure"
        assert result["message"].startswith("no-such-host.invalid:6379: ")

    @pytest.mark.parametrize(
        "url", ["sqlite+aiosqlite:///shop.db", "mongodb+srv://cluster.example", "something", "''"]
    )
    def test_what_is_no_address_is_left_alone(self, doctor, url):
        Path("pyfly.yaml").write_text(f"pyfly.data.relational.url: {url}\n")

        assert "Database" not in doctor()

    def test_a_value_that_cannot_be_had_is_a_failure(self, doctor):
        Path("pyfly.yaml").write_text("pyfly.messaging.rabbitmq.url: 'amqp://${NO_SUCH_NAME_ANYWHERE}'\n")

        assert "NO_SUCH_NAME_ANYWHERE" in only(doctor()["Broker"])["message"]

    def test_defaults_of_a_distribution_are_left_alone(self, doctor, distribution, closed):
        distribution(
            "acme",
            entry_points={"pyfly.config_defaults": {"acme": "acme_defaults:DEFAULTS"}},
            files={
                "acme_defaults.py": f"DEFAULTS = {{'pyfly.eda.rabbitmq.url': 'amqp://127.0.0.1:{closed}'}}\n"
            },
        )

        assert "Broker" not in doctor()


class TestPluggedIn:
    @pytest.fixture
    def check(self, distribution):
        """Install a check with the given body."""

        def install(body):
            distribution(
                "acme-checks",
                entry_points={"pyfly.cli_checks": {"acme": "acme_checks:check"}},
                files={
                    "acme_checks.py": "import threading\nfrom pyfly.cli.checks import CheckResult\n\n\n"
                    f"def check(config):\n    {body}\n"
                },
            )

        return install

    def test_its_results_are_among_the_others(self, doctor, check):
        Path("pyfly.yaml").write_text("acme.depth: 3\n")
        check("yield CheckResult('Depth', 'warning', str(config.get('acme.depth')), 'Dig.')")

        assert only(doctor()["Depth"]) == {"state": "warning", "message": "3", "advice": "Dig."}

    def test_one_that_hangs_is_left_after_a_while(self, doctor, check):
        check("threading.Event().wait(300)")

        result = only(doctor("--timeout", "0.2")["acme"])

        assert result["state"] == "failure"
        assert result["message"] == "no result within 0.2 s (check of acme-checks)"

    def test_one_that_raises_is_a_failure(self, doctor, check):
        check("raise RuntimeError('no water')")

        assert only(doctor()["acme"])["message"] == "the check of acme-checks raised RuntimeError: no water"

    @pytest.mark.parametrize("body", ["return [CheckResult('Depth', 'ok', '3'), 3]", "return None"])
    def test_one_that_gives_something_else_is_a_failure(self, doctor, check, body):
        check(body)

        assert only(doctor()["acme"])["state"] == "failure"

    def test_a_state_that_does_not_exist_is_a_failure(self, doctor, check):
        check("return [CheckResult('Depth', 'fine', '3')]")

        assert "expected ok, warning, failure, got 'fine'" in only(doctor()["acme"])["message"]

    def test_without_a_configuration_it_does_not_run(self, doctor, check):
        Path("pyfly.yaml").write_text("a: [")
        check("raise RuntimeError('no water')")

        assert "acme" not in doctor()

    def test_a_time_that_is_none_is_a_usage_error(self, pyfly):
        assert pyfly("doctor", "--timeout", "0").exit_code == 2
