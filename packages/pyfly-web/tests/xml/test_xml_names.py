# SPDX-License-Identifier: Apache-2.0
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pyfly.web.xml.names import element_name, original_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("order_id", "order_id"),
        ("größe", "größe"),
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
def test_every_name_is_one(text: str) -> None:
    assert re.fullmatch(r"[^\W\d][\w.\-\u00b7\u0300-\u036f\u203f-\u2040]*|_.*", element_name(text))
    assert not set(element_name(text)) & set(" <>&\"'/=:\t\r\n")
