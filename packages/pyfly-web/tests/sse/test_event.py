# SPDX-License-Identifier: Apache-2.0
import json
import uuid
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from pyfly.web.json import encode_json
from pyfly.web.sse import LastEventId, SseEvent, format_sse_event
from pyfly.web.sse.event import frame_of


class Reading(BaseModel):
    sensor: str
    degrees: float


@dataclass
class Position:
    x: int
    y: int


def fields_of(frame: str) -> list[tuple[str, str]]:
    """Read a frame as the HTML standard says: lines end with CR LF, LF or CR."""
    lines = frame.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [(name, value.removeprefix(" ")) for name, _, value in (line.partition(":") for line in lines)]


def data_of(frame: str) -> str:
    return "\n".join(value for name, value in fields_of(frame) if name == "data")


def test_lines_come_in_their_order() -> None:
    frame = format_sse_event("hello\nworld", event="greeting", id="7", retry=3000)

    assert frame == "id: 7\nevent: greeting\nretry: 3000\ndata: hello\ndata: world\n\n"


def test_fields_that_are_not_given_are_left_out() -> None:
    assert format_sse_event("hello") == "data: hello\n\n"


def test_empty_text_is_an_event_all_the_same() -> None:
    assert format_sse_event("") == "data: \n\n"


def test_nothing_is_an_empty_event() -> None:
    assert format_sse_event(None, event="ping") == "event: ping\ndata: \n\n"


def test_model_is_compact_json() -> None:
    frame = format_sse_event(Reading(sensor="kitchen", degrees=21.5))

    assert frame == 'data: {"sensor":"kitchen","degrees":21.5}\n\n'


def test_json_of_containers_has_spaces() -> None:
    assert format_sse_event({"a": 1, "b": [1, 2]}) == 'data: {"a": 1, "b": [1, 2]}\n\n'


def test_values_without_a_json_form_do_not_end_the_stream() -> None:
    key = uuid.uuid4()

    frame = format_sse_event({key: float("nan"), "at": Position(1, 2)})

    assert json.loads(data_of(frame)) == {str(key): None, "at": {"x": 1, "y": 2}}


def test_dataclass_is_json() -> None:
    assert format_sse_event(Position(1, 2)) == 'data: {"x": 1, "y": 2}\n\n'


def test_bytes_are_text() -> None:
    assert format_sse_event("grüße".encode()) == "data: grüße\n\n"


def test_other_values_are_their_text() -> None:
    assert format_sse_event(42) == "data: 42\n\n"


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_each_end_of_line_begins_a_data_line(end: str) -> None:
    assert format_sse_event(f"a{end}b") == "data: a\ndata: b\n\n"


@pytest.mark.parametrize("character", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c"])
def test_other_separators_stay_in_the_data(character: str) -> None:
    assert format_sse_event(f"a{character}b") == f"data: a{character}b\n\n"


def test_line_breaks_cannot_smuggle_in_fields() -> None:
    frame = format_sse_event("x", event="a\ndata: b", id="1\r\nretry: 1\0")

    assert frame == "id: 1retry: 1\nevent: adata: b\ndata: x\n\n"


@pytest.mark.parametrize("retry", [-1, 1.5, True, "3"])
def test_retry_has_to_be_milliseconds(retry: object) -> None:
    with pytest.raises(ValueError, match=r"retry: expected whole milliseconds, 0 or more, got"):
        format_sse_event("x", retry=retry)  # type: ignore[arg-type]


def test_whole_event_stands_for_itself() -> None:
    assert format_sse_event(SseEvent("x", "tick", 1)) == "id: 1\nevent: tick\ndata: x\n\n"


@given(st.text())
def test_text_arrives_as_it_was(text: str) -> None:
    expected = text.replace("\r\n", "\n").replace("\r", "\n")

    assert data_of(format_sse_event(text)) == expected


@given(name=st.text(), event_id=st.text())
def test_name_and_id_are_one_line_each(name: str, event_id: str) -> None:
    fields = fields_of(format_sse_event("x", event=name, id=event_id))

    assert [field for field, _ in fields] == ["id", "event", "data", "", ""]


def test_yielded_frames_are_sent_as_they_are() -> None:
    frames = ": a comment\n\nid: 1\ndata: x\n\n"

    assert frame_of(frames, encode_json) == frames.encode()


@pytest.mark.parametrize("text", ["hello", "data: x", "data: x\n", "hello\n\n", "note: x\n\n", "\n\n"])
def test_other_yielded_text_is_data(text: str) -> None:
    assert frame_of(text, encode_json) == format_sse_event(text).encode()


@given(st.text())
def test_yielded_text_always_ends_its_frame(text: str) -> None:
    assert frame_of(text, encode_json).endswith(b"\n\n")


def test_lone_surrogate_does_not_end_the_stream() -> None:
    assert frame_of("a\ud800", encode_json) == b"data: a?\n\n"


def test_last_event_id_is_read_as_utf_8() -> None:
    assert LastEventId.of("grüße".encode().decode("latin-1")) == "grüße"


def test_no_last_event_id_is_empty_text() -> None:
    assert LastEventId.of(None) == ""
