# SPDX-License-Identifier: Apache-2.0
import socket
from pathlib import Path

import pytest

TLS = Path(__file__).parent / "tls"


def test_a_busy_port_is_one_clear_line(server, project, pyfly_run):
    directory, port = project(type=server)
    with socket.create_server(("127.0.0.1", port)):
        service = pyfly_run(cwd=directory)

        assert service.wait() == 1

    assert service.stderr == (
        f"Error: Cannot listen on 127.0.0.1:{port}: the address is already in use. "
        "Stop what listens there, or choose another port (--port, pyfly.server.port).\n"
    )
    assert not (directory / "starts").exists()


def test_a_port_that_another_service_has_is_not_shared_with_it(server, project, pyfly_run):
    directory, port = project(type=server)
    first = pyfly_run(cwd=directory)
    first.wait_for_port(port)

    second = pyfly_run(cwd=directory)

    assert second.wait() == 1
    assert "the address is already in use" in second.stderr
    assert first.is_alive()


def test_an_address_of_another_machine_is_refused(project, pyfly_run):
    directory, port = project(host="192.0.2.1")
    service = pyfly_run(cwd=directory)

    assert service.wait() == 1
    assert service.stderr.startswith(f"Error: Cannot listen on 192.0.2.1:{port}: ")


FAILURES = {
    "exception": "Error: ConnectionError: the till does not answer\n",
    "message": "Error: The application did not start: the till is empty. Mend the cause and start again.\n",
    "import": "Error: ImportError: the shop is closed\n",
}


@pytest.mark.parametrize(
    ("server", "failure"),
    [*(("granian", failure) for failure in FAILURES), ("uvicorn", "exception"), ("hypercorn", "exception")],
)
@pytest.mark.parametrize("workers", [1, 2])
def test_an_application_that_does_not_start_ends_the_service_once(
    project, pyfly_run, server, failure, workers
):
    directory, _ = project(type=server, workers=workers)
    service = pyfly_run(cwd=directory, env={"SHOP_FAILURE": failure})

    assert service.wait() == 1
    assert service.stderr.startswith(FAILURES[failure])
    assert "\nError: " not in service.stderr
    assert "Traceback" not in service.output


@pytest.mark.parametrize("workers", [1, 2])
def test_debug_shows_the_traceback_of_the_failure(project, pyfly_run, workers):
    directory, _ = project(workers=workers)
    service = pyfly_run("--debug", cwd=directory, env={"SHOP_FAILURE": "exception"})

    assert service.wait() == 1
    assert "Traceback (most recent call last)" in service.stderr
    assert "Error: ConnectionError: the till does not answer\n" in service.stderr


@pytest.mark.parametrize(
    ("app", "reason"),
    [
        ("shop.main", "it is not of the form 'package.module:attribute'"),
        ("market.main:app", "there is no module 'market'"),
        ("shop.stall:app", "there is no module 'shop.stall'"),
        ("shop.main:till", "'shop.main' has no attribute 'till'"),
        ("shop.main:FAILURE", "'FAILURE' is a str, which is not callable"),
    ],
)
def test_a_wrong_application_is_named(project, pyfly_run, app, reason):
    directory, _ = project()
    service = pyfly_run("--app", app, cwd=directory)

    assert service.wait() == 1
    assert f"Error: Cannot load the application {app!r}: {reason}." in service.stderr
    assert "Traceback" not in service.output


def test_a_folder_without_application_says_how_to_name_one(pyfly_run, tmp_path):
    service = pyfly_run(cwd=tmp_path)

    assert service.wait() == 1
    assert service.stderr.startswith("Error: No application found. ")
    assert "Name it with --app" in service.stderr
    assert "pyfly.yaml" in service.stderr


def test_an_unknown_server_lists_the_installed_ones(project, pyfly_run):
    directory, _ = project()
    service = pyfly_run("--server", "tomcat", cwd=directory)

    assert service.wait() == 1
    assert "no server named 'tomcat' is installed" in service.stderr
    assert "auto, granian, uvicorn, hypercorn" in service.stderr


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({"http": 4}, "pyfly.server.http = '4'"),
        ({"max-concurrent-connections": 0}, "pyfly.server.max-concurrent-connections = 0"),
        ({"max-requests-per-worker": 0}, "pyfly.server.max-requests-per-worker = 0"),
        ({"ssl-certfile": str(TLS / "certificate.pem")}, "pyfly.server.ssl-keyfile = None"),
        (
            {"ssl-certfile": "nowhere.pem", "ssl-keyfile": "nowhere.pem"},
            "pyfly.server.ssl-certfile = 'nowhere.pem'",
        ),
        ({"event-loop": "tokio"}, "pyfly.server.event-loop = 'tokio'"),
        ({"backlog": 0}, "pyfly.server.backlog = 0"),
        ({"graceful-timeout": 0}, "pyfly.server.graceful-timeout = 0"),
    ],
)
def test_a_setting_that_no_server_can_honour_stops_the_start(project, pyfly_run, settings, key):
    directory, _ = project(**settings)
    service = pyfly_run(cwd=directory)

    assert service.wait() == 1
    assert service.stderr.startswith(f"Error: {key}")
    assert service.stderr.count("\n") == 1
    assert not (directory / "starts").exists()


def test_a_setting_of_granian_that_is_wrong_stops_the_start(project, pyfly_run):
    directory, _ = project(type="granian", granian={"runtime-mode": "fast"})
    service = pyfly_run(cwd=directory)

    assert service.wait() == 1
    assert service.stderr.startswith("Error: pyfly.server.granian.runtime-mode = 'fast'")


@pytest.mark.parametrize("option", ["--define", "--env"])
def test_a_pair_without_equals_sign_is_a_usage_error(project, pyfly_run, option):
    directory, _ = project()
    service = pyfly_run(option, "server.port", cwd=directory)

    assert service.wait() == 2
    assert "'server.port' is not of the form KEY=VALUE" in service.stderr


def test_a_broken_configuration_file_is_named(project, pyfly_run):
    directory, _ = project()
    (directory / "pyfly.yaml").write_text("pyfly: [")
    service = pyfly_run(cwd=directory)

    assert service.wait() == 1
    assert "pyfly.yaml, line " in service.stderr
    assert "Traceback" not in service.output
