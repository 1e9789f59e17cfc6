# SPDX-License-Identifier: Apache-2.0
"""Classes and settings that nobody thought of: what is written in any form binds back to what it was."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, make_dataclass
from datetime import timedelta
from enum import Enum
from json import dumps
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pyfly.config.binding import config_properties
from pyfly.config.data_size import DataSize
from pyfly.config.errors import BindingError
from pyfly.config.store import Config

WORDS = ["pool", "host", "max", "retry", "cache", "mode", "zone", "level", "async", "url"]
MORE_WORDS = ["size", "name", "after", "limit"]
moderate = settings(deadline=None, max_examples=60)
Spell = Callable[[str], str]


class Color(Enum):
    DEEP_RED = "deep-red"
    BLUE = "blue"


@dataclass(frozen=True)
class Kind:
    """A type without parts: its values, how files and variables write them, and what is none of them."""

    annotation: Any
    values: st.SearchStrategy[Any]
    write: Callable[[Any], Any]
    wrong: Any

    def tree(self, value: Any, spell: Spell) -> Any:
        return self.write(value)

    def variables(self, value: Any, path: str) -> Iterator[tuple[str, str]]:
        yield path, str(self.write(value))

    def places(self, value: Any, key: str) -> Iterator[str]:
        yield key

    def corrupted(self, tree: Any, key: str, keys: Sequence[str]) -> Any:
        return self.wrong if key in keys else tree


class Optional(NamedTuple):
    """A type whose values may be missing."""

    inner: Any

    @property
    def annotation(self) -> Any:
        return self.inner.annotation | None

    @property
    def values(self) -> st.SearchStrategy[Any]:
        return st.one_of(st.none(), self.inner.values)

    def tree(self, value: Any, spell: Spell) -> Any:
        return None if value is None else self.inner.tree(value, spell)

    def variables(self, value: Any, path: str) -> Iterator[tuple[str, str]]:
        yield from () if value is None else self.inner.variables(value, path)

    def places(self, value: Any, key: str) -> Iterator[str]:
        yield from () if value is None else self.inner.places(value, key)

    def corrupted(self, tree: Any, key: str, keys: Sequence[str]) -> Any:
        return None if tree is None else self.inner.corrupted(tree, key, keys)


class Many(NamedTuple):
    """A list."""

    inner: Any

    @property
    def annotation(self) -> Any:
        return list.__class_getitem__(self.inner.annotation)

    @property
    def values(self) -> st.SearchStrategy[Any]:
        return st.lists(self.inner.values, max_size=3)

    def tree(self, value: Any, spell: Spell) -> Any:
        return [self.inner.tree(item, spell) for item in value]

    def variables(self, value: Any, path: str) -> Iterator[tuple[str, str]]:
        if not value:
            yield path, ""

        for index, item in enumerate(value):
            yield from self.inner.variables(item, f"{path}_{index}")

    def places(self, value: Any, key: str) -> Iterator[str]:
        for index, item in enumerate(value):
            yield from self.inner.places(item, f"{key}[{index}]")

    def corrupted(self, tree: Any, key: str, keys: Sequence[str]) -> Any:
        return [self.inner.corrupted(item, f"{key}[{index}]", keys) for index, item in enumerate(tree)]


class Named(NamedTuple):
    """A mapping with names of the user's choice."""

    inner: Any

    @property
    def annotation(self) -> Any:
        return dict.__class_getitem__((str, self.inner.annotation))

    @property
    def values(self) -> st.SearchStrategy[Any]:
        return st.dictionaries(st.from_regex(r"[a-z]{1,5}", fullmatch=True), self.inner.values, max_size=3)

    def tree(self, value: Any, spell: Spell) -> Any:
        return {name: self.inner.tree(item, spell) for name, item in value.items()}

    def variables(self, value: Any, path: str) -> Iterator[tuple[str, str]]:
        for name, item in value.items():
            yield from self.inner.variables(item, f"{path}_{name.upper()}")

    def places(self, value: Any, key: str) -> Iterator[str]:
        for name, item in value.items():
            yield from self.inner.places(item, f"{key}.{name}")

    def corrupted(self, tree: Any, key: str, keys: Sequence[str]) -> Any:
        return {name: self.inner.corrupted(item, f"{key}.{name}", keys) for name, item in tree.items()}


class Section(NamedTuple):
    """A dataclass; what may be left out has a default."""

    cls: Any
    fields: dict[str, Any]

    @property
    def annotation(self) -> Any:
        return self.cls

    @property
    def values(self) -> st.SearchStrategy[Any]:
        return st.builds(self.cls, **{name: kind.values for name, kind in self.fields.items()})

    def tree(self, value: Any, spell: Spell) -> Any:
        parts = {name: kind.tree(getattr(value, name), spell) for name, kind in self.fields.items()}
        return {spell(name.rstrip("_")): part for name, part in parts.items() if part is not None}

    def variables(self, value: Any, path: str) -> Iterator[tuple[str, str]]:
        for name, kind in self.fields.items():
            yield from kind.variables(getattr(value, name), f"{path}_{name.rstrip('_').upper()}")

    def places(self, value: Any, key: str) -> Iterator[str]:
        for name, kind in self.fields.items():
            yield from kind.places(getattr(value, name), f"{key}.{kebab(name)}")

    def corrupted(self, tree: Any, key: str, keys: Sequence[str]) -> Any:
        return {
            kebab(name): kind.corrupted(tree[kebab(name)], f"{key}.{kebab(name)}", keys)
            for name, kind in self.fields.items()
            if kebab(name) in tree
        }


def kebab(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


def camel(name: str) -> str:
    first, *others = name.rstrip("_").split("_")
    return first + "".join(map(str.title, others))


SPELLINGS: list[Spell] = [kebab, camel, str, str.upper, str.title, lambda name: name.replace("_", " ")]

PLAIN_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=8)
SCALARS: list[Kind] = [
    Kind(str, PLAIN_TEXT.filter(lambda text: "${" not in text), str, ["no text"]),
    Kind(int, st.integers(-(2**60), 2**60), int, "1.5"),
    Kind(float, st.floats(allow_nan=False, allow_infinity=False), float, "much"),
    Kind(bool, st.booleans(), bool, "maybe"),
    Kind(Color, st.sampled_from(Color), lambda color: color.value, "green"),
    Kind(
        timedelta,
        st.integers(0, 10**9).map(lambda seconds: timedelta(seconds=seconds)),
        lambda duration: f"{duration.days}d {duration.seconds}s",
        "soon",
    ),
    Kind(DataSize, st.integers(0, 2**50).map(DataSize), str, "huge"),
]


@st.composite
def sections(draw: st.DrawFn, depth: int = 1) -> Section:
    names = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=5, unique=True))
    names = [name + draw(st.sampled_from(["", *(f"_{word}" for word in MORE_WORDS)])) for name in names]
    names = [f"{name}_" if name == "async" else name for name in names]
    scalar = st.sampled_from(SCALARS)
    inner = (scalar | sections(depth - 1)) if depth else scalar
    kinds = st.one_of(
        inner, inner.map(Optional), inner.map(Many), inner.map(Named), scalar.map(Many).map(Many)
    )
    first, *others = names
    fields = {first: draw(scalar), **{name: draw(kinds) for name in others}}
    # Something must always be written, or else nobody sees that the section is there.
    defaults: dict[type, Any] = {
        Optional: lambda: field(default=None),
        Many: lambda: field(default_factory=list),
        Named: lambda: field(default_factory=dict),
    }
    columns: list[Any] = [
        (name, kind.annotation, defaults[type(kind)]()) if type(kind) in defaults else (name, kind.annotation)
        for name, kind in fields.items()
    ]
    return Section(make_dataclass("Made", columns, kw_only=True), fields)


@st.composite
def written(draw: st.DrawFn) -> tuple[Section, Any]:
    section = draw(sections())
    config_properties("pyfly.made")(section.cls)
    return section, draw(section.values)


def toml(value: Any) -> str:
    """Write a tree as TOML, all on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{dumps(str(key))} = {toml(part)}" for key, part in value.items()) + "}"

    return f"[{', '.join(map(toml, value))}]" if isinstance(value, list) else dumps(value, ensure_ascii=False)


def bind_file(name: str, text: str, cls: Any) -> Any:
    with TemporaryDirectory() as directory:
        path = Path(directory, name)
        path.write_bytes(text.encode())
        return Config.from_file(path, load_defaults=False).bind(cls)


@given(written())
@moderate
def test_yaml_binds_to_what_was_written(made: tuple[Section, Any]) -> None:
    section, value = made
    text = yaml.safe_dump({"pyfly": {"made": section.tree(value, kebab)}}, allow_unicode=True)
    assert bind_file("a.yaml", text, section.cls) == value


@given(written())
@moderate
def test_toml_binds_to_what_was_written(made: tuple[Section, Any]) -> None:
    section, value = made
    text = f"pyfly.made = {toml(section.tree(value, kebab))}\n"
    assert bind_file("a.toml", text, section.cls) == value


@given(written())
@moderate
def test_variables_bind_to_what_was_written(made: tuple[Section, Any]) -> None:
    section, value = made
    variables = dict(section.variables(value, "PYFLY_MADE"))
    with pytest.MonkeyPatch.context() as process:
        for name, text in variables.items():
            process.setenv(name, text)

        assert Config().bind(section.cls) == value


@given(written(), st.data())
@moderate
def test_variables_win_over_files(made: tuple[Section, Any], data: st.DataObject) -> None:
    section, value = made
    other = data.draw(section.values)
    tree = section.tree(other, kebab)
    top = {name: kind for name, kind in section.fields.items() if isinstance(kind, Kind)}
    with pytest.MonkeyPatch.context() as process:
        for name, kind in top.items():
            for variable, text in kind.variables(getattr(value, name), f"PYFLY_MADE_{kebab(name).upper()}"):
                process.setenv(variable.replace("-", "_"), text)

        bound = Config({"pyfly": {"made": tree}}).bind(section.cls)

    for name in section.fields:
        assert getattr(bound, name) == getattr(value if name in top else other, name)


@given(written(), st.randoms(use_true_random=False))
@moderate
def test_spelling_of_keys_does_not_matter(made: tuple[Section, Any], random: Any) -> None:
    section, value = made
    tree = section.tree(value, lambda name: random.choice(SPELLINGS)(name))
    assert Config({"pyfly": {"made": tree}}).bind(section.cls) == value


@given(written(), st.data())
@moderate
def test_exactly_the_wrong_values_are_reported(made: tuple[Section, Any], data: st.DataObject) -> None:
    section, value = made
    places = list(section.places(value, "pyfly.made"))
    assume(places)
    wrong = data.draw(st.lists(st.sampled_from(places), min_size=1, unique=True))
    tree = section.corrupted(section.tree(value, kebab), "pyfly.made", wrong)
    with pytest.raises(BindingError) as caught:
        Config({"pyfly": {"made": tree}}).bind(section.cls)

    assert sorted(problem.key for problem in caught.value.problems) == sorted(wrong)
    assert {problem.source for problem in caught.value.problems} == {"applicationConfig"}
