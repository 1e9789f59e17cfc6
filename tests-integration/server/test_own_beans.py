# SPDX-License-Identifier: Apache-2.0
"""A server and an event loop that the application declares itself."""

import json
import urllib.request

MAIN = """
import asyncio
from contextlib import asynccontextmanager

from pyfly.container import configuration
from pyfly.container.bean import bean
from pyfly.core import PyFlyApplication, pyfly_application
from pyfly.server import ApplicationServerPort, EventLoopPort
from pyfly.server.adapters.granian.adapter import GranianServerAdapter
from pyfly.web import create_app, get_mapping, rest_controller


class OwnLoop(asyncio.SelectorEventLoop):
    pass


class OwnLoops:
    name = "own"

    def install(self):
        raise AssertionError("the loop is made by its factory")

    def loop_factory(self):
        return OwnLoop


class RunOnly:
    def run(self, app, host, port, **kwargs):
        print(f"run({type(app).__name__}, {host}, {port})", flush=True)


class Counting(GranianServerAdapter):
    def serve(self, app, config):
        print(f"served with backlog {config.backlog}", flush=True)
        super().serve(app, config)


@configuration
class OwnBeans:
    DECLARED


@rest_controller
class LoopController:
    @get_mapping("/loop")
    async def loop(self) -> dict[str, str]:
        return {"loop": type(asyncio.get_running_loop()).__name__}


@pyfly_application(name="shop", scan_packages=["shop.main"])
class Shop: ...


pyfly = PyFlyApplication(Shop)


@asynccontextmanager
async def lifespan(_):
    await pyfly.startup()
    try:
        yield
    finally:
        await pyfly.shutdown()


app = create_app(context=pyfly.context, lifespan=lifespan)
"""

SERVER = """
    @bean
    def application_server(self) -> ApplicationServerPort:
        return {}()
"""
LOOP = """
    @bean
    def event_loop(self) -> EventLoopPort:
        return OwnLoops()
"""


def declare(directory, beans):
    (directory / "src" / "shop" / "main.py").write_text(MAIN.replace("\n    DECLARED\n", beans))


def test_server_with_run_alone_is_given_the_application_and_the_address(project, pyfly_run):
    directory, port = project()
    declare(directory, SERVER.format("RunOnly"))

    service = pyfly_run(cwd=directory)

    assert service.wait() == 0, service.output
    assert f", 127.0.0.1, {port})" in service.stdout


def test_server_with_run_alone_refuses_what_it_is_never_told(project, pyfly_run):
    directory, _ = project(backlog=64)
    declare(directory, SERVER.format("RunOnly"))

    service = pyfly_run(cwd=directory)

    assert service.wait() == 1
    assert (
        "Error: pyfly.server.backlog = 64: the server 'RunOnly' only has run(app, host, port)."
        in service.stderr
    )


def test_server_with_serve_has_the_settings(project, pyfly_run):
    directory, port = project(backlog=64)
    declare(directory, SERVER.format("Counting"))
    service = pyfly_run(cwd=directory)
    service.wait_for_port(port)

    assert "served with backlog 64" in service.stdout
    assert service.stop() == 0


def test_own_server_does_not_serve_in_several_processes(project, pyfly_run):
    directory, _ = project(workers=2)
    declare(directory, SERVER.format("RunOnly"))

    service = pyfly_run(cwd=directory)

    assert service.wait() == 1
    assert "pyfly.server.workers = 2: the application has a server of its own, RunOnly" in service.stderr
    assert service.stderr.count("Error: ") == 1


def test_own_event_loop_runs_the_application(project, pyfly_run):
    directory, port = project()
    declare(directory, LOOP)
    service = pyfly_run(cwd=directory)
    service.wait_for_port(port)

    with urllib.request.urlopen(f"http://127.0.0.1:{port}/loop", timeout=10) as response:
        assert json.load(response) == {"loop": "OwnLoop"}

    assert service.stop() == 0


def test_own_event_loop_runs_in_each_worker(project, pyfly_run):
    directory, port = project(workers=2)
    declare(directory, LOOP)
    service = pyfly_run(cwd=directory)
    service.wait_for_port(port)

    with urllib.request.urlopen(f"http://127.0.0.1:{port}/loop", timeout=10) as response:
        assert json.load(response) == {"loop": "OwnLoop"}

    assert service.stop() == 0
