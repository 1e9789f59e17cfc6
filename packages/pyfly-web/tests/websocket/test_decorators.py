# SPDX-License-Identifier: Apache-2.0
import pytest

from pyfly.websocket import websocket_mapping


async def chat(self: object, session: object) -> None: ...


def test_path_is_left_on_the_function() -> None:
    assert websocket_mapping("/chat")(chat) is chat
    assert vars(chat)["__pyfly_ws_mapping__"] == {"path": "/chat"}


def test_subprotocols_are_left_there_too() -> None:
    websocket_mapping("/chat", subprotocols=("v2", "v1"))(chat)

    assert vars(chat)["__pyfly_ws_mapping__"] == {"path": "/chat", "subprotocols": ["v2", "v1"]}


def test_one_subprotocol_is_a_list_as_well() -> None:
    with pytest.raises(TypeError, match=r"^subprotocols: expected a list of names, got 'v1'$"):
        websocket_mapping("/chat", subprotocols="v1")
