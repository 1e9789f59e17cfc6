# SPDX-License-Identifier: Apache-2.0
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfly.config.errors import CircularPlaceholderError, UnresolvedPlaceholderError
from pyfly.config.store import Config


def resolve(text: str, **settings: Any) -> Any:
    return Config({"text": text, **settings}).get("text")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${host}", "h"),
        ("http://${host}:${port}/", "http://h:80/"),
        ("${missing:8080}", "8080"),
        ("${missing:}", ""),
        ("${missing:a:b}", "a:b"),
        ("${missing:${host}}", "h"),
        ("${missing:${other:${port}}}", 80),
        ("${missing:x${host}y}", "xhy"),
        ("${by.${kind}}", "nested"),
        ("${port}", 80),
        ("${flag}", True),
        ("is ${flag}", "is True"),
        ("${chain}", 80),
        ("${PORT}", 80),
        (r"\${host}", "${host}"),
        (r"a \${host} ${host}", "a ${host} h"),
        ("${open", "${open"),
        ("$host", "$host"),
        ('${missing:{"a": {"b": 1}}}', '{"a": {"b": 1}}'),
        (["${host}", "x-${port}"], ["h", "x-80"]),
    ],
)
def test_placeholder_stands_for_its_value(text: Any, expected: object) -> None:
    settings = {"host": "h", "port": 80, "flag": True, "kind": "kind", "by": {"kind": "nested"}}
    assert resolve(text, **settings, chain="${link}", link="${port}") == expected


def test_variable_of_that_very_name_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOST_OF_TEST", "from the environment")
    assert resolve("${HOST_OF_TEST}", host_of_test="from a file") == "from the environment"


def test_variable_that_overrides_the_key_comes_before_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYFLY_PORT", "90")
    assert resolve("${port}", port=80) == 90


def test_unresolved_placeholder_is_named() -> None:
    with pytest.raises(UnresolvedPlaceholderError, match=re.escape("${a.b}")) as caught:
        resolve("x ${a.b}")

    assert (caught.value.placeholder, caught.value.key) == ("${a.b}", "a.b")
    assert "a.b" in caught.value.action


def test_circle_is_drawn() -> None:
    config = Config({"a": "${b}", "b": "x ${c}", "c": "${a}"})
    with pytest.raises(CircularPlaceholderError, match="Circular placeholders: a -> b -> c -> a") as caught:
        config.get("a")

    assert caught.value.cycle == ("a", "b", "c", "a")


def test_placeholder_that_refers_to_itself_is_a_circle() -> None:
    with pytest.raises(ValueError, match=r"(?i)circular"):
        resolve("${text}")


def test_long_chain_is_no_circle() -> None:
    chain = {f"k{index}": f"${{k{index + 1}}}" for index in range(50)}
    assert Config({**chain, "k50": "end"}).get("k0") == "end"


@given(st.text(st.characters(codec="utf-8", exclude_characters="$\\"), max_size=40))
def test_text_without_placeholders_stays_as_it_is(text: str) -> None:
    assert resolve(text) == text


@given(st.lists(st.sampled_from(["a", "b", "-", "{", "}", ":", "${a}", "${b:x}", "${z:y}"]), max_size=12))
def test_resolving_never_fails_with_defaults_in_place(pieces: list[str]) -> None:
    resolve("".join(pieces), a="1", b="2", z="3")


@given(st.integers(min_value=0, max_value=30), st.text("xyz", min_size=1, max_size=5))
def test_defaults_may_be_nested_to_any_depth(depth: int, innermost: str) -> None:
    text = innermost
    for level in range(depth):
        text = f"${{missing{level}:{text}}}"

    assert resolve(text) == innermost


@given(st.dictionaries(st.sampled_from("abcdef"), st.text("xyz", max_size=4), min_size=1), st.data())
def test_mixed_text_is_put_together_in_order(settings: dict[str, str], data: st.DataObject) -> None:
    keys = data.draw(st.lists(st.sampled_from(sorted(settings)), min_size=2, max_size=6))
    text = "-".join(f"${{{key}}}" for key in keys)
    assert Config({**settings, "text": text}).get("text") == "-".join(settings[key] for key in keys)
