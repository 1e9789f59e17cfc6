# SPDX-License-Identifier: Apache-2.0
import re
import unicodedata
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfly.web.file_names import MAX_NAME_BYTES, content_disposition, safe_file_name

NAMES = st.one_of(st.text(), st.from_regex(r"[./\\a-z0-9:\x00 ]{0,40}"), st.text("./\\ \r\n\0CONcon"))
DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
HEADER = re.compile(r"""attachment; filename="[^"\\\r\n]+"(?:; filename\*=UTF-8''[A-Za-z0-9%._~-]+)?""")


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\eve\\..\\evil.exe", "evil.exe"),
        ("..", "file"),
        ("", "file"),
        ("folder/", "file"),
        (".htaccess", "htaccess"),
        ("a\x00b\r\nc.txt", "ab c.txt"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ('a"b<c>|d?*.txt', "a_b_c__d__.txt"),
        ("nul", "_nul"),
        ("COM1.tar.gz", "_COM1.tar.gz"),
        ("aux .txt", "_aux .txt"),
        ("console.log", "console.log"),
        ("name. . .", "name"),
        ("u\u0308ber.txt", "\u00fcber.txt"),
        ("file.txt:stream", "file.txt_stream"),
        ("\ud800.txt", "txt"),
    ],
)
def test_name_is_made_safe(given_name: str, safe: str) -> None:
    assert safe_file_name(given_name) == safe


def test_long_name_keeps_its_suffix() -> None:
    name = safe_file_name("\u65e5" * 300 + ".pdf")

    assert name.endswith("\u65e5.pdf")
    assert MAX_NAME_BYTES - 3 <= len(name.encode()) <= MAX_NAME_BYTES


def test_long_suffix_is_cut_like_the_rest() -> None:
    assert len(safe_file_name("a." + "b" * 400).encode()) == MAX_NAME_BYTES


@given(NAMES)
def test_safe_name_can_be_stored_anywhere(name: str) -> None:
    safe = safe_file_name(name)

    assert safe
    assert len(safe.encode()) <= MAX_NAME_BYTES + 1
    assert not set(safe) & set('/\\<>:"|?*')
    assert all(unicodedata.category(character)[0] != "C" for character in safe)
    assert safe == safe.strip(" .")
    assert DEVICES.match(safe) is None


@given(NAMES)
def test_safe_name_stays_as_it_is(name: str) -> None:
    safe = safe_file_name(name)

    assert safe_file_name(safe) == safe


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("report.pdf", 'attachment; filename="report.pdf"'),
        ("my report.pdf", 'attachment; filename="my report.pdf"'),
        ("\u00dcbersicht.pdf", "attachment; filename=\"Ubersicht.pdf\"; filename*=UTF-8''%C3%9Cbersicht.pdf"),
        ("\u65e5\u672c.pdf", "attachment; filename=\"file.pdf\"; filename*=UTF-8''%E6%97%A5%E6%9C%AC.pdf"),
        ("100%.txt", "attachment; filename=\"100_.txt\"; filename*=UTF-8''100%25.txt"),
        ('a".txt\r\nSet-Cookie: x=1', 'attachment; filename="a_.txt Set-Cookie_ x=1"'),
    ],
)
def test_disposition_names_the_file(name: str, header: str) -> None:
    assert content_disposition("attachment", name) == header


@given(NAMES)
def test_disposition_is_one_line_of_ascii_that_tells_the_safe_name(name: str) -> None:
    header = content_disposition("attachment", name)
    _, extended, encoded = header.partition("; filename*=UTF-8''")

    assert HEADER.fullmatch(header)
    assert (unquote(encoded) if extended else header.split('"')[1]) == safe_file_name(name)
