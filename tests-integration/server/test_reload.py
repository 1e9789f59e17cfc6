# SPDX-License-Identifier: Apache-2.0
"""An application that is started anew when its files change."""

import json
import urllib.request

import pytest

MAIN = """
import json

GREETING = "one"


async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    body = json.dumps(GREETING).encode()
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
"""


def greeting(port):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as response:
        return json.load(response)


@pytest.fixture(params=["granian", "uvicorn", "hypercorn"])
def reloading(request, project, pyfly_run):
    directory, port = project(type=request.param)
    main = directory / "src" / "shop" / "main.py"
    main.write_text(MAIN)
    service = pyfly_run("--reload", cwd=directory)
    service.wait_for_output("server_started")
    return service, main, port


def test_changed_application_answers_and_a_broken_one_changes_nothing(reloading, until):
    service, main, port = reloading
    assert greeting(port) == "one"

    main.write_text(MAIN.replace("one", "two"))
    until(lambda: greeting(port) == "two", what="the changed application")
    main.write_text("def (")
    service.wait_for_output(f"Not reloaded: {main}, line 1")
    assert greeting(port) == "two"
    main.write_text(MAIN.replace("one", "three"))
    until(lambda: greeting(port) == "three", what="the mended application")

    assert service.stop() == 0
    assert "Traceback" not in service.output


def test_application_that_does_not_start_tells_why_and_waits_for_the_next_change(reloading, until):
    service, main, port = reloading

    main.write_text("import no_such_module\n")
    service.wait_for_output("No module named 'no_such_module'")
    main.write_text(MAIN.replace("one", "mended"))
    until(lambda: greeting(port) == "mended", what="the mended application")

    assert service.stop() == 0


def test_service_that_does_not_start_at_all_is_started_by_a_change(project, pyfly_run):
    directory, port = project()
    main = directory / "src" / "shop" / "main.py"
    main.write_text("import no_such_module\n")
    service = pyfly_run("--reload", cwd=directory)
    service.wait_for_output("No module named 'no_such_module'")

    main.write_text(MAIN)
    service.wait_for_port(port)

    assert greeting(port) == "one"
    assert service.stop() == 0


def test_further_folder_is_watched_and_implies_reload(project, pyfly_run, until):
    directory, port = project()
    texts = directory / "texts"
    texts.mkdir()
    text = texts / "greeting.txt"
    text.write_text("one")
    main = directory / "src" / "shop" / "main.py"
    main.write_text(MAIN.replace('"one"', f"open({str(text)!r}).read()"))
    service = pyfly_run("--watch", str(texts), cwd=directory)
    service.wait_for_output("server_started")
    assert greeting(port) == "one"

    text.write_text("two")

    until(lambda: greeting(port) == "two", what="the changed text")
    assert "--watch implies --reload." in service.stderr
    assert service.stop() == 0


def test_several_workers_are_one_while_files_are_watched(project, pyfly_run):
    directory, _ = project(workers=2)
    service = pyfly_run("--reload", cwd=directory)

    service.wait_for_output("workers=1")

    assert "Warning: --reload serves with one worker, not 2." in service.stderr
    assert service.stop() == 0
