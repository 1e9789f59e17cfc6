# SPDX-License-Identifier: Apache-2.0
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfly.kernel import InvalidRequestException
from pyfly.web.converters import dict_to_xml, xml_to_dict

DECLARATION = "<?xml version='1.0' encoding='utf-8'?>"

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), min_size=1)


@pytest.mark.parametrize(
    ("data", "content"),
    [
        ({"a": 1, "b": "x"}, "<a>1</a><b>x</b>"),
        ({"a": True, "b": False}, "<a>true</a><b>false</b>"),
        ({"a": [1, 2]}, "<a>1</a><a>2</a>"),
        ({"a": [[1, 2], [3]]}, "<a><item>1</item><item>2</item></a><a><item>3</item></a>"),
        ([1, {"a": 2}], "<item>1</item><item><a>2</a></item>"),
        ({"a": None}, "<a />"),
        ({"a": ""}, "<a></a>"),
        ({"a": {}}, "<a />"),
        ({"a b": 1}, "<a_x0020_b>1</a_x0020_b>"),
        ({"a": "<&>\r\n"}, "<a>&lt;&amp;&gt;&#13;\n</a>"),
        ({"a": "\x00\ud800\uffff"}, "<a>\ufffd\ufffd\ufffd</a>"),
        ({1: 2}, "<_x0031_>2</_x0031_>"),
        (7, "7"),
    ],
)
def test_data_becomes_a_document(data: Any, content: str) -> None:
    assert dict_to_xml(data) == f"{DECLARATION}<response>{content}</response>"


@pytest.mark.parametrize("data", [None, {}, [], {"a": []}])
def test_nothing_is_an_empty_element(data: Any) -> None:
    assert dict_to_xml(data, "order") == f"{DECLARATION}<order />"


def test_root_may_have_any_name() -> None:
    assert dict_to_xml(1, "my order") == f"{DECLARATION}<my_x0020_order>1</my_x0020_order>"


@pytest.mark.parametrize(
    ("document", "data"),
    [
        ("<a>x</a>", {"a": "x"}),
        ("<a/>", {"a": None}),
        ("<a> x </a>", {"a": " x "}),
        ("<a><b>1</b><c/></a>", {"a": {"b": "1", "c": None}}),
        ("<a>\n  <b>1</b>\n</a>", {"a": {"b": "1"}}),
        ("<a><b>1</b><b>2</b><b/></a>", {"a": {"b": ["1", "2", None]}}),
        ("<a><b><c>1</c></b><b><c>2</c></b></a>", {"a": {"b": [{"c": "1"}, {"c": "2"}]}}),
        ('<a k="v"><!-- no --><?no no?><b k="v">1</b></a>', {"a": {"b": "1"}}),
        ('<s:a xmlns:s="urn:s"><s:b>1</s:b></s:a>', {"a": {"b": "1"}}),
        ("<a><![CDATA[<b>]]>&amp;&#65;</a>", {"a": "<b>&A"}),
        ("<a_x0020_b>1</a_x0020_b>", {"a b": "1"}),
        ("<?xml version='1.0' encoding='latin-1'?><a>ü</a>", {"a": "ü"}),
    ],
)
def test_document_becomes_data(document: str, data: Any) -> None:
    assert xml_to_dict(document) == data


@pytest.mark.parametrize(
    "content",
    [
        "<a>ü</a>".encode(),
        "<?xml version='1.0' encoding='latin-1'?><a>ü</a>".encode("latin-1"),
        "<?xml version='1.0' encoding='utf-16'?><a>ü</a>".encode("utf-16"),
    ],
)
def test_bytes_are_decoded_as_they_say(content: bytes) -> None:
    assert xml_to_dict(content) == {"a": "ü"}


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("", "no element found"),
        ("<a>", "no element found"),
        ("<a></b>", "mismatched tag"),
        ("<a/><b/>", "junk after document element"),
        ("<a>&other;</a>", "undefined entity"),
        ("{}", r"not well-formed \(invalid token\)"),
        ("<!DOCTYPE a><a/>", "document types and entities are not accepted"),
        ('<!DOCTYPE a [<!ENTITY b "x">]><a>&b;</a>', "document types and entities are not accepted"),
        ('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "document types and entities are not accepted"),
        ("<a>" * 201, "it is nested deeper than 200 levels"),
        ("<a>" * 100_000, "it is nested deeper than 200 levels"),
        ("<a>" + "<b/>" * 250_000 + "</a>", "it has more than 250000 elements"),
        (b"<?xml version='1.0' encoding='no-such'?><a/>", "its encoding is unknown or broken"),
        (b"<?xml version='1.0' encoding='rot13'?><a/>", "its encoding is unknown or broken"),
    ],
)
def test_document_that_cannot_be_read_is_refused(document: str | bytes, message: str) -> None:
    with pytest.raises(InvalidRequestException, match=f"^Invalid XML: {message}") as caught:
        xml_to_dict(document)

    assert caught.value.code == "INVALID_XML"


def test_broken_place_is_told() -> None:
    with pytest.raises(InvalidRequestException) as caught:
        xml_to_dict("<a>\n  <b></a>")

    assert caught.value.context == {"line": 2, "column": 7}


@given(PLAIN)
def test_document_of_any_data_is_well_formed(data: Any) -> None:
    ElementTree.fromstring(dict_to_xml(data))


@given(st.dictionaries(st.text(min_size=1), TEXTS))
def test_texts_and_their_names_come_back(data: dict[str, str]) -> None:
    assert xml_to_dict(dict_to_xml({"in": data}))["response"] == {"in": data or None}


@given(st.binary() | st.text())
def test_any_content_is_read_or_refused(content: str | bytes) -> None:
    assert outcome_of(content) in (1, "INVALID_XML")


@given(st.text(alphabet="<>/ab &;![]-?'\"=x\n", max_size=60))
def test_anything_like_xml_is_read_or_refused(content: str) -> None:
    assert outcome_of(content) in (1, "INVALID_XML")


def outcome_of(content: str | bytes) -> int | str | None:
    """Return the number of outermost elements, or the code of the refusal."""
    try:
        return len(xml_to_dict(content))
    except InvalidRequestException as refusal:
        return refusal.code
