# SPDX-License-Identifier: Apache-2.0
import json
import socket
import ssl
import urllib.request
from importlib.metadata import version
from pathlib import Path

import pytest

TLS = Path(__file__).parent / "tls"


def get(port, path="/", *, scheme="http", context=None):
    with urllib.request.urlopen(
        f"{scheme}://127.0.0.1:{port}{path}", timeout=10, context=context
    ) as response:
        return json.load(response)


def http2_get(port):
    """Speak HTTP/2 with prior knowledge: preface, SETTINGS, one request; return the body."""
    request = b"\x82\x86\x84\x41\x09localhost"  # GET http / :authority localhost
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\4\0\0\0\0\0")
        connection.sendall(len(request).to_bytes(3, "big") + b"\1\5\0\0\0\1" + request)
        stream, body = connection.makefile("rb"), b""
        while True:
            head = stream.read(9)
            payload = stream.read(int.from_bytes(head[:3], "big"))
            if head[3] == 0:
                body += payload
                if head[4] & 1:
                    return json.loads(body)


def test_the_application_of_the_configuration_answers(server, project, pyfly_run):
    directory, port = project(type=server)
    service = pyfly_run(cwd=directory)
    service.wait_for_port(port)

    facts = get(port)

    assert facts["scheme"] == "http"
    assert facts["http"] == "1.1"
    assert service.stop() == 0


@pytest.mark.parametrize(
    ("server", "protocols"), [("granian", "h1+h2"), ("uvicorn", "h1"), ("hypercorn", "h1+h2")]
)
def test_the_log_tells_the_effective_values_once_all_workers_serve(project, pyfly_run, server, protocols):
    directory, port = project(type=server, workers=2, **{"event-loop": "asyncio"})
    service = pyfly_run(cwd=directory)

    service.wait_for_output("server_started")

    assert service.output.count("server_started") == 1
    assert f"server={server} server_version={version(server)} " in service.output
    assert f"host=127.0.0.1 port={port} workers=2 event_loop=asyncio http={protocols}\n" in service.output
    assert get(port)["loop"] == "asyncio"


def test_without_configuration_the_first_package_in_src_is_served(project, pyfly_run):
    directory, port = project()
    (directory / "pyfly.yaml").unlink()
    service = pyfly_run("--host", "127.0.0.1", "--port", str(port), cwd=directory)

    service.wait_for_port(port)

    assert get(port)["environment"]["PYFLY_SERVER_PORT"] == str(port)


def test_an_application_beside_the_configuration_is_found(project, pyfly_run):
    directory, port = project()
    (directory / "src" / "shop" / "main.py").rename(directory / "kiosk.py")
    service = pyfly_run("--app", "kiosk:app", cwd=directory)

    service.wait_for_port(port)

    assert get(port)["http"] == "1.1"


def test_the_file_of_a_profile_overrides_the_base_file(project, pyfly_run, free_port):
    directory, _ = project()
    port = free_port()
    (directory / "pyfly-night.yaml").write_text(f"pyfly: {{server: {{port: {port}}}}}")

    service = pyfly_run("--profile", "night", cwd=directory)

    service.wait_for_port(port)


def test_the_environment_overrides_the_files(project, pyfly_run, free_port):
    directory, _ = project()
    port = free_port()

    service = pyfly_run(cwd=directory, env={"PYFLY_SERVER_PORT": str(port)})

    service.wait_for_port(port)


def test_a_definition_overrides_the_environment(project, pyfly_run, free_port):
    directory, _ = project()
    port = free_port()

    service = pyfly_run("-D", f"server.port={port}", cwd=directory, env={"PYFLY_SERVER_PORT": "1"})

    service.wait_for_port(port)


def test_an_option_overrides_a_definition(project, pyfly_run, free_port):
    directory, _ = project()
    port = free_port()

    service = pyfly_run("-D", "pyfly.server.port=1", "--port", str(port), cwd=directory)

    service.wait_for_port(port)


def test_the_port_of_the_web_section_is_taken_where_the_server_has_none(project, pyfly_run, free_port):
    directory, _ = project()
    port = free_port()
    (directory / "pyfly.yaml").write_text(f"pyfly: {{web: {{host: 127.0.0.1, port: {port}}}}}")

    service = pyfly_run(cwd=directory)

    service.wait_for_port(port)


def test_variables_reach_the_application(server, project, pyfly_run):
    directory, port = project()
    service = pyfly_run("--env", "SHOP_NAME=corner", "--workers", "2", "--server", server, cwd=directory)
    service.wait_for_port(port)

    environment = get(port)["environment"]

    assert environment["SHOP_NAME"] == "corner"
    assert environment["PYFLY_SERVER_TYPE"] == server
    assert environment["_PYFLY_WORKERS"] == "2"


def test_the_banner_is_printed_once(server, project, pyfly_run):
    directory, _ = project(type=server, workers=2)
    service = pyfly_run("-D", "banner.mode=MINIMAL", cwd=directory)
    service.wait_for_output("server_started")

    assert service.stop() == 0
    assert service.stdout.count(":: PyFly ::") == 1


def test_each_worker_starts_the_application_and_stops_it(server, project, pyfly_run):
    directory, _ = project(type=server, workers=2)
    service = pyfly_run(cwd=directory)
    service.wait_for_output("server_started")

    assert service.stop() == 0
    started = (directory / "starts").read_text().split()
    assert len(set(started)) == 2
    assert all((directory / f"stopped-{pid}").exists() for pid in started)


def test_http_1_refuses_prior_knowledge_of_http_2(server, project, pyfly_run):
    directory, port = project(type=server, http=1)
    service = pyfly_run(cwd=directory)
    service.wait_for_output("http=h1\n")
    service.wait_for_port(port)

    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        answer = connection.recv(64)

    assert answer == b"" or answer.startswith((b"HTTP/1.1 4", b"HTTP/1.1 505"))


@pytest.mark.parametrize("server", ["granian", "hypercorn"])
def test_http_2_answers_clients_with_prior_knowledge(project, pyfly_run, server):
    directory, port = project(type=server, http=2)
    service = pyfly_run(cwd=directory)
    service.wait_for_port(port)

    assert http2_get(port)["http"] == "2"


@pytest.mark.parametrize("server", ["granian", "hypercorn"])
def test_auto_offers_both_versions(project, pyfly_run, server):
    directory, port = project(type=server)
    service = pyfly_run(cwd=directory)
    service.wait_for_port(port)

    assert [get(port)["http"], http2_get(port)["http"]] == ["1.1", "2"]


def test_tls_is_served_with_a_certificate_to_clients_of_tls_1_2(server, project, pyfly_run):
    certificate = {"ssl-certfile": str(TLS / "certificate.pem"), "ssl-keyfile": str(TLS / "key.pem")}
    directory, port = project(type=server, **certificate)
    service = pyfly_run(cwd=directory)
    service.wait_for_port(port)
    context = ssl.create_default_context(cafile=TLS / "certificate.pem")
    context.maximum_version = ssl.TLSVersion.TLSv1_2

    assert get(port, scheme="https", context=context)["scheme"] == "https"


def test_an_idle_connection_is_closed_after_the_keep_alive_time_out(server, project, pyfly_run):
    directory, port = project(type=server, **{"keep-alive-timeout": "1s"})
    service = pyfly_run(cwd=directory)
    service.wait_for_port(port)

    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nhost: shop\r\n\r\n")
        received = b""
        while chunk := connection.recv(65536):
            received += chunk

    assert received.startswith(b"HTTP/1.1 200")


def test_the_access_log_has_a_line_for_each_request(server, project, pyfly_run):
    directory, port = project(type=server, observability={"access-log": True})
    service = pyfly_run(cwd=directory)
    service.wait_for_port(port)

    get(port, "/orders")

    service.wait_for_output('"GET /orders HTTP/1.1" 200')


def test_a_worker_that_dies_is_replaced(server, project, pyfly_run, until):
    directory, port = project(type=server, workers=2)
    service = pyfly_run(cwd=directory)
    service.wait_for_output("server_started")

    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(b"GET /die HTTP/1.1\r\nhost: shop\r\n\r\n")
        assert connection.recv(1) == b""

    until(lambda: len((directory / "starts").read_text().split()) == 3, what="a third worker to start")
    service.wait_for_output("worker_died")
    assert "exit_code=9" in service.output
    assert get(port)["http"] == "1.1"


def test_a_worker_that_dies_ends_the_service_when_respawning_is_off(project, pyfly_run):
    directory, port = project(type="granian", workers=2, granian={"respawn-failed-workers": False})
    service = pyfly_run(cwd=directory)
    service.wait_for_output("server_started")

    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(b"GET /die HTTP/1.1\r\nhost: shop\r\n\r\n")

        assert service.wait() == 1

    assert "pyfly.server.granian.respawn-failed-workers" in service.stderr
