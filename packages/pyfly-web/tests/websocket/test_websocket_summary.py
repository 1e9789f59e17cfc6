# SPDX-License-Identifier: Apache-2.0
from pyfly.config.store import Config
from pyfly.context.application_context import ApplicationContext
from pyfly.core.startup_summary import StartupSummary
from pyfly.web import get_mapping, request_mapping, rest_controller
from pyfly.websocket import WebSocketSession, websocket_mapping
from pyfly.websocket.mapping_summary import WebSocketSummary


@rest_controller
@request_mapping("/chat")
class Chat:
    @websocket_mapping("/{room}")
    async def talk(self, session: WebSocketSession) -> None: ...

    @websocket_mapping("/lobby")
    async def wait(self, session: WebSocketSession) -> None: ...

    @get_mapping("/rooms")
    async def rooms(self) -> list[str]:
        return []


async def test_log_of_the_start_tells_which_method_serves_which_websocket() -> None:
    context = ApplicationContext(Config({"pyfly": {"web": {"base-path": "/api"}}}))
    context.register_bean(Chat)
    await context.start()

    [summary] = [it for it in context.get_beans_of_type(StartupSummary) if isinstance(it, WebSocketSummary)]
    lines = [(line.event, line.fields) for line in summary.summarise(context)]
    await context.stop()

    assert lines == [
        ("websocket_mapping", {"path": "/api/chat/lobby", "handler": "Chat.wait"}),
        ("websocket_mapping", {"path": "/api/chat/{room}", "handler": "Chat.talk"}),
    ]
