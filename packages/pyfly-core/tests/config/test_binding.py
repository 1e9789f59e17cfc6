# SPDX-License-Identifier: Apache-2.0
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal, NewType, Optional
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from pyfly.config.binding import config_properties
from pyfly.config.errors import BindingError, BindingProblem, ConfigurationError
from pyfly.config.store import Config


class Mode(Enum):
    AUTO = "auto"
    THREADS_ONLY = "mt"


@dataclass
class Granian:
    runtime_threads: int = 1
    mode: Mode = Mode.AUTO


@config_properties("pyfly.server")
@dataclass
class Server:
    port: int = 8000
    graceful_timeout: int = 30
    certificate: str | None = None
    granian: Granian = field(default_factory=Granian)
    level: dict[str, str] = field(default_factory=dict)


@config_properties(prefix="db")
@dataclass(frozen=True)
class Database:
    url: str
    pool_size: int
    echo: bool = False


def bind(annotation: Any, **values: Any) -> Any:
    """Bind the one field `value` of a class made for it."""
    target = type("Target", (), {"__annotations__": {"value": annotation}})
    return Config({"t": values}).bind(config_properties("t")(dataclass(target))).value


def problems(cls: type, data: dict[str, Any]) -> list[BindingProblem]:
    with pytest.raises(BindingError) as caught:
        Config(data).bind(cls)

    return list(caught.value.problems)


def test_decorator_marks_the_class_for_the_container() -> None:
    marks = vars(Server)
    assert marks["__pyfly_config_prefix__"] == "pyfly.server"
    assert marks["__pyfly_injectable__"] is True
    assert marks["__pyfly_stereotype__"] == "config_properties"


def test_stereotype_that_is_there_stays() -> None:
    @config_properties("x")
    class Special:
        __pyfly_stereotype__ = "special"

    assert Special.__pyfly_stereotype__ == "special"


def test_decorators_work_in_either_order() -> None:
    @dataclass
    @config_properties("db")
    class Other:
        url: str = ""

    assert Config({"db": {"url": "x"}}).bind(Other) == Other("x")


def test_class_without_the_mark_is_refused() -> None:
    with pytest.raises(ValueError, match=r"Granian is not decorated with @config_properties"):
        Config().bind(Granian)


def test_class_that_is_no_dataclass_is_refused() -> None:
    @config_properties("x")
    class Plain:
        pass

    with pytest.raises(ConfigurationError, match="must be a dataclass or a pydantic model"):
        Config().bind(Plain)


def test_without_settings_there_are_the_defaults() -> None:
    assert Config().bind(Server) == Server()


def test_fields_and_keys_match_in_any_spelling() -> None:
    section = {"graceful-timeout": 5, "granian": {"Runtime-Threads": 2}, "unknown": 1}
    assert Config({"pyfly": {"server": section}}).bind(Server) == Server(
        graceful_timeout=5, granian=Granian(2)
    )


def test_placeholders_are_filled_in() -> None:
    config = Config({"base": 80, "pyfly": {"server": {"port": "${base}", "certificate": "x-${base}"}}})
    assert config.bind(Server) == Server(port=80, certificate="x-80")


def test_section_may_be_a_placeholder() -> None:
    config = Config({"shared": {"runtime-threads": 3}, "pyfly": {"server": {"granian": "${shared}"}}})
    assert config.bind(Server).granian.runtime_threads == 3


def test_empty_section_is_a_section() -> None:
    assert Config({"pyfly": {"server": {"granian": None}}}).bind(Server) == Server()


def test_variables_override_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYFLY_SERVER_PORT", "81")
    monkeypatch.setenv("PYFLY_SERVER_GRANIAN_RUNTIME_THREADS", "4")
    config = Config({"pyfly": {"server": {"port": 80, "granian": {"runtime-threads": 2, "mode": "mt"}}}})
    assert config.bind(Server) == Server(port=81, granian=Granian(4, Mode.THREADS_ONLY))


def test_variables_alone_reach_fields_of_several_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYFLY_SERVER_GRACEFUL_TIMEOUT", "5")
    monkeypatch.setenv("PYFLY_SERVER_GRANIAN_RUNTIME_THREADS", "4")
    monkeypatch.setenv("PYFLY_SERVER_CERTIFICATE", "c.pem")
    assert Config().bind(Server) == Server(graceful_timeout=5, certificate="c.pem", granian=Granian(4))


def test_variables_alone_reach_keys_of_the_users_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYFLY_SERVER_LEVEL_PYFLY_WEB", "DEBUG")
    monkeypatch.setenv("PYFLY_SERVER_LEVEL_ROOT", "WARN")
    config = Config({"pyfly": {"server": {"level": {"root": "INFO", "My-App": "INFO"}}}})
    assert config.bind(Server).level == {"root": "WARN", "My-App": "INFO", "pyfly.web": "DEBUG"}


def test_empty_variable_counts_as_unset_where_it_cannot_be_a_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYFLY_SERVER_PORT", "")
    monkeypatch.setenv("PYFLY_SERVER_CERTIFICATE", "")
    config = Config({"pyfly": {"server": {"port": 80, "certificate": "c.pem"}}})
    assert config.bind(Server) == Server(port=80, certificate="")


def test_variable_of_another_section_does_not_create_an_optional_one(monkeypatch: pytest.MonkeyPatch) -> None:
    @config_properties("pyfly.server")
    @dataclass
    class Optionally:
        granian: Granian | None = None

    monkeypatch.setenv("PYFLY_SERVER_GRANIAN_UNKNOWN", "x")
    assert Config().bind(Optionally) == Optionally()


def test_all_problems_are_reported_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYFLY_DB_ECHO", "maybe")
    found = problems(Database, {"db": {"pool-size": "many"}})
    assert found == [
        BindingProblem("db.pool-size", "an integer", "'many'", "applicationConfig"),
        BindingProblem("db.echo", "true or false", "'maybe'", "environment variable PYFLY_DB_ECHO"),
        BindingProblem("db.url", "text", None, None),
    ]


def test_error_names_class_prefix_and_each_key() -> None:
    with pytest.raises(BindingError) as caught:
        Config({"db": {"url": "x", "pool-size": 1.5}}).bind(Database)

    assert str(caught.value) == (
        "Configuration validation failed for 'Database' (prefix='db'):\n"
        "  db.pool-size: expected an integer, got 1.5 (from applicationConfig)"
    )


def test_error_names_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "pyfly.yaml"
    path.write_text("db:\n  url: x\n  pool-size: many\n")
    with pytest.raises(BindingError) as caught:
        Config.from_file(path).bind(Database)

    assert caught.value.problems[0].source == f"{path}, line 3"


def test_secret_is_not_shown_in_an_error() -> None:
    @config_properties("db")
    @dataclass
    class Secret:
        password: int = 0

    assert problems(Secret, {"db": {"password": "hunter2"}})[0].got == "'******'"


def test_null_is_refused_where_a_value_is_needed() -> None:
    assert problems(Database, {"db": {"url": None, "pool-size": 1}})[0].got == "null"


def test_value_in_place_of_a_section_is_refused() -> None:
    found = problems(Server, {"pyfly": {"server": {"granian": 5}}})
    assert found == [BindingProblem("pyfly.server.granian", "a mapping", "5", "applicationConfig")]


def test_refusal_by_the_class_itself_is_reported() -> None:
    @config_properties("db")
    @dataclass
    class Checked:
        port: int = 0

        def __post_init__(self) -> None:
            if self.port < 0:
                raise ValueError("port is negative")

    assert "port is negative" in problems(Checked, {"db": {"port": -1}})[0].expected


def test_annotation_that_names_nothing_is_reported() -> None:
    @config_properties("db")
    @dataclass
    class Broken:
        port: "Nowhere" = 0  # type: ignore[name-defined]  # noqa: F821  # that it fails is the point

    with pytest.raises(ConfigurationError, match=r"annotations of .*Broken: name 'Nowhere' is not defined"):
        Config().bind(Broken)


@dataclass
class Node:
    name: str
    children: "list[Node]" = field(default_factory=list)


def test_class_may_contain_itself() -> None:
    tree = bind(Node, value={"name": "a", "children": [{"name": "b"}, {"name": "c"}]})
    assert tree == Node("a", [Node("b"), Node("c")])


Port = NewType("Port", int)


@pytest.mark.parametrize(
    ("annotation", "raw", "expected"),
    [
        (str, 5, "5"),
        (str, True, "true"),
        (str, 1.5, "1.5"),
        (str, date(2026, 1, 2), "2026-01-02"),
        (str, "", ""),
        (int, " 7 ", 7),
        (int, "-7", -7),
        (float, 3, 3.0),
        (float, "1e3", 1000.0),
        (bool, "On", True),
        (bool, 0, False),
        (Path, "/a/b", Path("/a/b")),
        (timedelta, "30s", timedelta(seconds=30)),
        (timedelta, "PT1M", timedelta(minutes=1)),
        (timedelta, 1.5, timedelta(seconds=1.5)),
        (Decimal, "1.10", Decimal("1.10")),
        (Decimal, 0.1, Decimal("0.1")),
        (UUID, "12345678123456781234567812345678", UUID("12345678123456781234567812345678")),
        (date, "2026-01-02", date(2026, 1, 2)),
        (datetime, "2026-01-02T03:04:05", datetime(2026, 1, 2, 3, 4, 5)),
        (Mode, "auto", Mode.AUTO),
        (Mode, "threads-only", Mode.THREADS_ONLY),
        (Mode, "MT", Mode.THREADS_ONLY),
        (Literal["a", "b", 3], "A", "a"),
        (Literal["a", 3], 3, 3),
        (Literal["a", 3], "3", 3),
        (int | None, None, None),
        (int | None, "", None),
        (int | None, "5", 5),
        (Optional[str], "", ""),  # noqa: UP045  # users write it so
        (int | str, "5", "5"),
        (int | str, 5, 5),
        (bool | int, 1, 1),
        (int | list[int], [1, "2"], [1, 2]),
        (Granian | int, {"runtime-threads": 2}, Granian(2)),
        (list[int], "1, 2", [1, 2]),
        (list[int], ["1", 2], [1, 2]),
        (list[str], "", []),
        (list, [1, "a"], [1, "a"]),
        (list[Granian], [{"runtime-threads": 2}], [Granian(2)]),
        (set[str], "a,b,a", {"a", "b"}),
        (frozenset[int], [1, 1], frozenset({1})),
        (tuple[int, ...], "1,2,3", (1, 2, 3)),
        (tuple[int, str], "1,b", (1, "b")),
        (dict[str, int], {"X-Foo": "1"}, {"X-Foo": 1}),
        (dict[str, int], {"a": {"b": 1}}, {"a.b": 1}),
        (dict[int, str], {"8080": "x"}, {8080: "x"}),
        (dict[str, list[int]], {"a": "1,2"}, {"a": [1, 2]}),
        (dict[str, Granian], {"Main": {"mode": "mt"}}, {"Main": Granian(mode=Mode.THREADS_ONLY)}),
        (dict[str, Any], {"a-b": {"c": [1]}}, {"a-b": {"c": [1]}}),
        (dict, {"a-b": {"c": 1}}, {"a-b": {"c": 1}}),
        (Annotated[int, "anything"], "5", 5),
        (Port, "5", 5),
        (Any, {"a": 1}, {"a": 1}),
        (SecretStr, "pw", SecretStr("pw")),
    ],
)
def test_value_becomes_what_the_field_asks_for(annotation: Any, raw: object, expected: object) -> None:
    found = bind(annotation, value=raw)
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("annotation", "raw", "expected"),
    [
        (str, [1], "text"),
        (int, 1.0, "an integer"),
        (int, True, "an integer"),
        (int, "1.5", "an integer"),
        (float, True, "a number"),
        (float, "x", "a number"),
        (bool, "maybe", "true or false"),
        (bool, 2, "true or false"),
        (timedelta, "soon", "a duration such as 30s, PT30S or a number of seconds"),
        (Mode, "x", "one of auto, mt"),
        (Literal["a", "b"], "c", "one of a, b"),
        (int | None, "x", "an integer"),
        (int | bool, "x", "an integer or true or false"),
        (list[int], 5, "a list"),
        (tuple[int, int], "1", "a list of 2 values"),
        (dict[str, int], "x", "a mapping"),
        (object.__class__, "x", "an instance of type"),
    ],
)
def test_value_that_does_not_fit_is_refused(annotation: Any, raw: object, expected: str) -> None:
    with pytest.raises(BindingError) as caught:
        bind(annotation, value=raw)

    assert [(problem.key, problem.expected) for problem in caught.value.problems] == [("t.value", expected)]


@pytest.mark.parametrize(
    ("annotation", "raw", "key"),
    [
        (list[int], "1,x", "t.value[1]"),
        (list[Granian], [{"runtime-threads": "x"}], "t.value[0].runtime-threads"),
        (dict[str, int], {"A": {"b": "x"}}, "t.value.A.b"),
        (Granian | None, {"runtime-threads": "x"}, "t.value.runtime-threads"),
        (Granian | int, {"runtime-threads": "x"}, "t.value.runtime-threads"),
    ],
)
def test_problem_is_placed_where_it_is(annotation: Any, raw: object, key: str) -> None:
    with pytest.raises(BindingError) as caught:
        bind(annotation, value=raw)

    assert [problem.key for problem in caught.value.problems] == [key]


def test_list_of_a_variable_is_split(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYFLY_T_VALUE", "1, 2")
    assert bind(list[int]) == [1, 2]


@given(st.integers(), st.booleans(), st.text("abc", min_size=1, max_size=5))
def test_what_is_written_as_text_binds_like_the_value(number: int, flag: bool, text: str) -> None:
    written = bind(tuple[int, bool, str], value=[str(number), str(flag), text])
    assert written == bind(tuple[int, bool, str], value=[number, flag, text]) == (number, flag, text)
