# SPDX-License-Identifier: Apache-2.0
from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pyfly.web.xml.names import element_name, original_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("order_id", "order_id"),
        ("größe", "größe"),
        ("名前", "名前"),
        ("ǅ", "_x01C5_"),
        ("Order Details", "Order_x0020_Details"),
        ("1st", "_x0031_st"),
        ("a:b", "a_x003A_b"),
        ("-", "_x002D_"),
        ("", "_x_"),
        ("_x_", "_x005F_x_"),
        ("a_x0041_", "a_x005F_x0041_"),
        ("x_x", "x_x"),
        ("\U000f0000", "_x000F0000_"),
        ("</a>", "_x003C__x002F_a_x003E_"),
    ],
)
def test_name_of_a_text(text: str, name: str) -> None:
    assert element_name(text) == name
    assert original_name(name) == text


def test_number_beyond_unicode_is_no_escape() -> None:
    assert original_name("_xFFFFFFFF_") == "_xFFFFFFFF_"


@given(st.text())
@example("_x0041_x0042_")
@example("_x_x0041_")
@example("__x0041_")
def test_every_text_comes_back(text: str) -> None:
    assert original_name(element_name(text)) == text


@given(st.text())
def test_every_name_is_taken_by_a_parser(text: str) -> None:
    assert ElementTree.fromstring(f"<{element_name(text)}/>").tag == element_name(text)


@pytest.mark.parametrize("block", range(0x11))
def test_every_character_is_taken_by_a_parser(block: int) -> None:
    names = [element_name(chr(point)) for point in range(block * 0x1000, block * 0x1000 + 0x1000)]

    ElementTree.fromstring(f"<a>{''.join(f'<{name}/><a{name}/>' for name in names)}</a>")
