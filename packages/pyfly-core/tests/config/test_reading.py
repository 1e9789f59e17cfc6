# SPDX-License-Identifier: Apache-2.0
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfly.config.store import Config

WORD = st.text("abcdefghij", min_size=1, max_size=5)


def test_key_is_found_in_any_spelling() -> None:
    config = Config({"app": {"pool-size": 5}})
    assert [config.get(key) for key in ("app.pool-size", "app.pool_size", "App.Pool Size")] == [5, 5, 5]


def test_exact_spelling_wins_over_a_relaxed_one() -> None:
    config = Config({"a-b": 1, "a_b": 2})
    assert (config.get("a-b"), config.get("a_b")) == (1, 2)


def test_dotted_key_of_the_outermost_level_stands_for_nested_ones() -> None:
    assert Config({"a.b.c": 1, "a": {"b": {"d": 2}}}).to_dict() == {"a": {"b": {"c": 1, "d": 2}}}


def test_dotted_key_within_a_mapping_stays_one_key() -> None:
    config = Config({"level": {"pyfly.web": "DEBUG"}})
    assert config.get("level.pyfly.web") == "DEBUG"
    assert config.get_section("level") == {"pyfly.web": "DEBUG"}


@pytest.mark.parametrize("data", [{}, {"a": None}, {"a": {"c": 1}}])
def test_missing_or_null_gives_the_default(data: dict[str, Any]) -> None:
    assert Config(data).get("a.b" if data.get("a") else "a", "default") == "default"


def test_false_and_zero_and_empty_are_values() -> None:
    config = Config({"a": False, "b": 0, "c": ""})
    assert [config.get(key, "default") for key in "abc"] == [False, 0, ""]


@pytest.mark.parametrize("key", ["pyfly.data.pool-size", "data.pool-size", "pyfly.data.pool_size"])
def test_variable_overrides_a_key(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    config = Config({key: 5})
    monkeypatch.setenv("PYFLY_DATA_POOL_SIZE", "9")
    assert config.get(key) == 9


@pytest.mark.parametrize(
    ("raw", "text", "expected"),
    [
        (True, " Off ", False),
        (False, "YES", True),
        (False, "on", True),
        (True, "whatever", False),
        (1, "2", 2),
        (1, "two", "two"),
        (1, "", 1),
        (True, " ", True),
        (1.5, "2", 2.0),
        ([1], "a, b ,c", ["a", "b", "c"]),
        ([1], "", []),
        ("x", "7", "7"),
        (None, "7", "7"),
    ],
)
def test_variable_is_read_as_the_type_it_overrides(
    monkeypatch: pytest.MonkeyPatch, raw: object, text: str, expected: object
) -> None:
    monkeypatch.setenv("PYFLY_KEY", text)
    found = Config({"key": raw}).get("key")
    assert (found, type(found)) == (expected, type(expected))


def test_variable_without_a_key_is_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYFLY_APP_NAME", "7")
    assert Config().get("pyfly.app.name") == "7"


def test_section_is_nested_and_as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYFLY_A_B", "9")
    assert Config({"a": {"b": 1, "c": "${x}"}}).get_section("a") == {"b": 1, "c": "${x}"}


@pytest.mark.parametrize("prefix", ["nothing", "a.b"])
def test_section_is_empty_where_there_is_no_mapping(prefix: str) -> None:
    assert Config({"a": {"b": 1}}).get_section(prefix) == {}


def test_what_is_handed_out_is_a_copy() -> None:
    config = Config({"a": {"b": {"c": [1]}}})
    config.get_section("a")["b"]["c"].append(2)
    config.to_dict()["a"]["b"]["c"].append(3)
    config.get("a.b")["c"].append(4)
    config.get("a.b.c").append(5)
    assert config.to_dict() == {"a": {"b": {"c": [1]}}}


def test_what_is_taken_in_is_a_copy() -> None:
    data = {"a": {"b": [1]}}
    config = Config(data)
    data["a"]["b"].append(2)
    assert config.get("a.b") == [1]


def test_effective_section_has_placeholders_and_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYFLY_DB_POOL_SIZE", "9")
    config = Config({"host": "h", "db": {"pool-size": 5, "url": "pg://${host}", "nested": {"on": True}}})
    assert config.effective_section("db") == {"pool-size": 9, "url": "pg://h", "nested": {"on": True}}


def test_effective_section_without_variables_equals_the_section() -> None:
    config = Config({"pyfly": {"a": {"b": 1}}})
    assert config.effective_section("pyfly") == config.get_section("pyfly")


def test_effective_section_adds_variables_without_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYFLY_NEWKEY_VAL", "x")
    assert Config({"pyfly": {"a": 1}}).effective_section("pyfly") == {"a": 1, "newkey": {"val": "x"}}


def test_added_variable_enters_known_mappings_by_their_whole_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYFLY_CLIENT_CIRCUIT_BREAKER_LIMIT", "3")
    config = Config({"pyfly": {"client": {"circuit-breaker": {"on": True}}}})
    assert config.effective_section("pyfly.client") == {"circuit-breaker": {"on": True, "limit": "3"}}


def test_variable_of_a_whole_mapping_adds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYFLY_CLIENT", "x")
    assert Config({"pyfly": {"client": {"a": 1}}}).effective_section("pyfly") == {"client": {"a": 1}}


def test_effective_tree_keeps_what_cannot_be_resolved_as_written() -> None:
    config = Config({"a": "${missing}", "b": "${c}", "c": 1})
    assert config.effective_dict() == {"a": "${missing}", "b": 1, "c": 1}


def test_merged_settings_lie_on_top() -> None:
    config = Config({"a": {"b": 1, "c": [1, 2]}})
    config.merge({"a.b": 2, "a": {"c": [3]}}, name="starter")
    assert config.to_dict() == {"a": {"b": 2, "c": [3]}}
    assert config.loaded_sources == ["starter"]


def test_two_spellings_of_a_key_are_merged_as_one() -> None:
    config = Config({"db": {"pool-size": 5, "circuit-breaker": {"a": 1}}})
    config.merge({"db": {"pool_size": 7, "circuit_breaker": {"b": 2}}}, name="over")
    assert config.get("db.pool-size") == 7
    assert config.get_section("db") == {"pool_size": 7, "circuit_breaker": {"a": 1, "b": 2}}


TREE = st.recursive(
    st.integers() | st.booleans() | st.lists(st.integers(), max_size=3),
    lambda inner: st.dictionaries(WORD, inner, max_size=4),
    max_leaves=12,
)
SETTINGS = st.dictionaries(WORD, TREE, max_size=4)


@given(SETTINGS, SETTINGS)
def test_every_leaf_of_the_upper_layer_wins(lower: dict[str, Any], upper: dict[str, Any]) -> None:
    config = Config(lower)
    config.merge(upper, name="upper")
    assert all(config.get(key) == value for key, value in leaves(upper))


@given(SETTINGS)
def test_merging_with_itself_or_nothing_changes_nothing(data: dict[str, Any]) -> None:
    config = Config(data)
    config.merge(data, name="again")
    config.merge({}, name="nothing")
    assert config.to_dict() == data


# Whether a key holds a value or a section is the same in every layer: a value wipes a section out for good.
VALUES = st.dictionaries(WORD.map(lambda word: f"value-{word}"), st.integers() | st.booleans(), max_size=3)
LAYERS = st.recursive(
    VALUES,
    lambda inner: st.builds(
        dict.__or__, VALUES, st.dictionaries(WORD.map(lambda word: f"section-{word}"), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(LAYERS, LAYERS, LAYERS)
def test_layers_may_be_merged_in_any_grouping(
    first: dict[str, Any], second: dict[str, Any], third: dict[str, Any]
) -> None:
    stepwise = Config(first)
    stepwise.merge(second, name="second")
    stepwise.merge(third, name="third")
    upper = Config(second)
    upper.merge(third, name="third")
    grouped = Config(first)
    grouped.merge(upper.to_dict(), name="upper")
    assert stepwise.to_dict() == grouped.to_dict()


@given(st.lists(st.lists(WORD, min_size=1, max_size=3), min_size=1, max_size=3), st.data())
def test_any_spelling_finds_the_key(path: list[list[str]], data: st.DataObject) -> None:
    written, asked = [
        ".".join(data.draw(st.sampled_from("-_ ")).join(words) for words in path) for _ in range(2)
    ]
    assert Config({written: 1}).get(data.draw(st.sampled_from([asked, asked.upper(), asked.title()]))) == 1


def leaves(node: dict[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for key, value in node.items():
        found += leaves(value, f"{prefix}{key}.") if isinstance(value, dict) else [(prefix + key, value)]

    return found
