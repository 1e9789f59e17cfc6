# SPDX-License-Identifier: Apache-2.0
import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfly.config.errors import MalformedSourceError
from pyfly.config.store import Config


def line_of(config: Config, key: str) -> int | None:
    found = re.search(r"line (\d+)$", config.origin(key) or "")
    return int(found[1]) if found else None


def read(folder: Path, text: str) -> Config:
    (folder / "shop.toml").write_text(text, "utf-8", newline="")
    return Config.from_file(folder / "shop.toml", load_defaults=False)


EVERYTHING = '''\
# a comment with = and [brackets]
title = "a # no comment"
"quoted key" = 1
a.b.c = 1
a."d" = 2

[owner] # a table
text = """
x = 1
[not.a.table]
\\""" still text
"""
literal = \'\'\'
y = 2
\'\'\'
after = 1
when = 1979-05-27 07:32:00
empty = ""

[owner.deep]
list = [
  1, # one
  { x = 1, y = "}]" },
  [2, [3]],
  """
  z = 1
  """,
]
inline = { p = 1, q = { r = [1, { s = 2 }] }, t.u = 3 }

[[servers]]
url = "a"

[[servers.tags]]
name = "x"

[[servers]]
url = "b"
  [servers.tls]
  on = true
[[servers.tags]]
name = "y"
[[servers.tags]]
name = "z"
'''


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("title", 2),
        ("quoted key", 3),
        ("a", 4),
        ("a.b", 4),
        ("a.b.c", 4),
        ("a.d", 5),
        ("owner", 7),
        ("owner.text", 8),
        ("owner.literal", 13),
        ("owner.after", 16),
        ("owner.when", 17),
        ("owner.empty", 18),
        ("owner.deep", 20),
        ("owner.deep.list", 21),
        ("owner.deep.list[0]", 22),
        ("owner.deep.list[1].y", 23),
        ("owner.deep.list[2][1][0]", 24),
        ("owner.deep.list[3]", 25),
        ("owner.deep.inline.q.r[1].s", 29),
        ("owner.deep.inline.t.u", 29),
        ("servers", 31),
        ("servers[0]", 31),
        ("servers[0].url", 32),
        ("servers[0].tags[0].name", 35),
        ("servers[1].url", 38),
        ("servers[1].tls.on", 40),
        ("servers[1].tags[1].name", 44),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_line_of_a_key(tmp_path: Path, newline: str, key: str, line: int) -> None:
    assert line_of(read(tmp_path, EVERYTHING.replace("\n", newline)), key) == line


KEYS = st.sampled_from(["a", "b", "long-name", "8080", "x_y"])
QUOTED = st.sampled_from(["with blank", "é", "#", "[x]", "=", 'q"', "\\"])
TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=6) | st.sampled_from(
    ['"', "'", '""', "a = 1", "[t]", "# x", "}", "]", ",", "\\"]
)
VALUES = st.recursive(
    st.integers() | st.booleans() | st.dates() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | QUOTED, inner, max_size=3),
    max_leaves=6,
)


def basic(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def key_text(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else basic(key)


@st.composite
def inline_text(draw: st.DrawFn, value: Any) -> str:
    blank = draw(st.sampled_from(["", " "]))
    if isinstance(value, bool):
        return str(value).lower()

    if isinstance(value, int | date):
        return str(value)

    if isinstance(value, list):
        gap = draw(st.sampled_from(["", "\n", " # c ] , }\n"]))
        items = [draw(inline_text(item)) for item in value]
        return "[" + gap + f",{gap}".join(items) + gap + "]"

    if isinstance(value, dict):
        pairs = [f"{key_text(key)}{blank}={draw(inline_text(item))}" for key, item in value.items()]
        return "{" + blank + f"{blank},{blank}".join(pairs) + blank + "}"

    forms = [basic(value), f'"""\n{basic(value)[1:-1]}"""']
    if "'" not in value:
        forms += [f"'{value}'", f"'''\n{value}'''"]

    return draw(st.sampled_from(forms))


@st.composite
def toml_texts(draw: st.DrawFn) -> str:
    lines = []
    for key, value in draw(st.dictionaries(KEYS | QUOTED, VALUES, max_size=4)).items():
        lines += [draw(st.sampled_from(["", "# = [x]"])), f"{key_text(key)} = {draw(inline_text(value))}"]

    for index in range(draw(st.integers(0, 3))):
        header = draw(st.sampled_from([f"[t{index}.inner]", "[[rows]]", f" [ t{index} . 'lit' ] # c"]))
        lines += [header]
        for key, value in draw(st.dictionaries(KEYS | QUOTED, VALUES, max_size=3)).items():
            lines += [f"{key_text(key)}.part = {draw(inline_text(value))}"]

    return "\n".join(lines) + "\n"


def paths(node: Any, path: str) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            place = f"{path}.{key}" if path else key
            yield place
            yield from paths(value, place)

    elif isinstance(node, list):
        for index, item in enumerate(node):
            yield from paths(item, f"{path}[{index}]")


@given(toml_texts())
def test_every_key_has_a_line_and_stands_in_it(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    config = read(tmp_path_factory.getbasetemp(), text)
    lines = text.split("\n")
    for key in paths(tomllib.loads(text), ""):
        number = line_of(config, key)
        assert number is not None, key
        name = re.sub(r"(\[\d+\])+$", "", key).rsplit(".", 1)[-1]
        assert name.strip('"\\]') in lines[number - 1] or '"' in name, key


def test_key_that_is_set_nested_and_dotted_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(MalformedSourceError) as caught:
        read(tmp_path, '[shop]\nsize = 1\n\n["shop.size"]\nx = 1\n')

    assert str(caught.value) == (
        f"{tmp_path / 'shop.toml'}, line 4, column 1: key 'shop.size' is already set in line 2"
    )


def test_toml_can_be_for_a_profile(tmp_path: Path) -> None:
    (tmp_path / "shop.toml").write_text('a = 1\n[pyfly.config.activate]\non-profile = ["prod", "!eu"]\n')
    assert Config.from_file(tmp_path / "shop.toml", ["prod", "eu"], load_defaults=False).to_dict() == {"a": 1}
    assert Config.from_file(tmp_path / "shop.toml", ["eu"], load_defaults=False).to_dict() == {}
