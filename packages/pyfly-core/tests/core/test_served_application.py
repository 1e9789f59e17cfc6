# SPDX-License-Identifier: Apache-2.0
"""What an application does for the server that runs it."""

import pytest

from pyfly.context.serving import Serving, current_serving
from pyfly.core import PyFlyApplication, pyfly_application


@pyfly_application(name="shop")
class Shop: ...


@pytest.fixture
def serving(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    serving = Serving()
    token = current_serving.set(serving)
    yield serving
    current_serving.reset(token)


async def test_it_is_ready_when_its_server_listens_and_until_a_stop_is_asked_for(serving, capsys):
    application = PyFlyApplication(Shop)
    await application.startup()
    states = [application.context.is_ready]
    for hook in (*serving.listening, *serving.stopping):
        await hook()
        states.append(application.context.is_ready)

    assert states == [False, True, False]
    await application.shutdown()


async def test_it_leaves_the_report_of_a_failed_start_to_its_server(serving, tmp_path, capsys):
    (tmp_path / "pyfly.yaml").write_text("pyfly: {context: {shutdown-timeout: never}}")
    application = PyFlyApplication(Shop)

    with pytest.raises(Exception, match="shutdown-timeout"):
        await application.startup()

    assert "pyfly.context.shutdown-timeout" in (serving.failure_report or "")
    assert capsys.readouterr().err == ""


async def test_without_a_server_it_is_ready_after_its_start(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    application = PyFlyApplication(Shop)

    await application.startup()

    assert application.context.is_ready
    await application.shutdown()
