# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from pyfly.config.errors import ConfigurationError, MalformedSourceError, ProfileError
from pyfly.config.store import Config

DEFAULTS = "pyfly-defaults.yaml (framework defaults)"
STARTERS = "starter defaults (@enable_*_stack)"


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    return folder


def test_empty_directory_has_the_defaults_alone(tmp_path: Path) -> None:
    config = Config.from_sources(tmp_path)
    assert config.loaded_sources == [DEFAULTS]
    assert config.get("pyfly.app.name") == "pyfly-app"


def test_defaults_can_be_left_out(tmp_path: Path) -> None:
    config = Config.from_sources(tmp_path, load_defaults=False)
    assert (config.loaded_sources, config.to_dict()) == ([], {})


def test_layers_lie_in_their_order(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "config/pyfly.yaml": "{c: 1, d: 1, e: 1, f: 1, g: 1}",
            "config/pyfly.toml": "d=2\ne=2\nf=2\ng=2",
            "pyfly.yml": "{e: 3, f: 3, g: 3}",
            "pyfly.toml": "f=4\ng=4",
            "pyfly-dev.yaml": "{g: 5}",
        },
    )
    config = Config.from_sources(
        tmp_path,
        ["dev"],
        starter_defaults={"b": 0, "c": 0},
        application={"a": -1, "b": -1},
    )
    assert [config.get(key) for key in "abcdefg"] == [-1, 0, 1, 2, 3, 4, 5]
    assert config.loaded_sources == [
        DEFAULTS,
        STARTERS,
        str(tmp_path / "config/pyfly.yaml"),
        str(tmp_path / "config/pyfly.toml"),
        str(tmp_path / "pyfly.yml"),
        str(tmp_path / "pyfly.toml"),
        f"{tmp_path / 'pyfly-dev.yaml'} (profile: dev)",
    ]


def test_dotted_starter_defaults_are_nested(tmp_path: Path) -> None:
    config = Config.from_sources(tmp_path, starter_defaults={"pyfly.web.debug": True})
    assert config.get_section("pyfly.web") == {"debug": True}


def test_empty_file_holds_no_settings(tmp_path: Path) -> None:
    write(tmp_path, {"pyfly.yaml": "# nothing yet\n", "pyfly.toml": ""})
    assert Config.from_sources(tmp_path, load_defaults=False).to_dict() == {}


def test_yaml_keys_stay_as_they_are_written(tmp_path: Path) -> None:
    write(tmp_path, {"pyfly.yaml": "on: 1\nno: 2\n8080: 3\n~: 4\n"})
    assert Config.from_sources(tmp_path, load_defaults=False).to_dict() == {
        "on": 1,
        "no": 2,
        "8080": 3,
        "~": 4,
    }


def test_yaml_anchors_and_merge_keys_work(tmp_path: Path) -> None:
    write(tmp_path, {"pyfly.yaml": "a: &a {x: 1, y: 1}\nb: {<<: *a, y: 2}\nc: *a\n"})
    config = Config.from_sources(tmp_path, load_defaults=False)
    assert config.to_dict() == {"a": {"x": 1, "y": 1}, "b": {"x": 1, "y": 2}, "c": {"x": 1, "y": 1}}


def test_byte_order_mark_is_ignored(tmp_path: Path) -> None:
    (tmp_path / "pyfly.yaml").write_bytes(b"\xef\xbb\xbfa: \xc3\xa4")
    assert Config.from_sources(tmp_path).get("a") == "ä"


@pytest.mark.parametrize(
    ("name", "content", "line", "column", "reason"),
    [
        ("a.yaml", b"a: 1\nb:\n  c: 1\n  c: 2\n", 4, 3, "key 'c' is already set in line 3"),
        ("a.yaml", b"a: [1\n", 2, 1, "expected"),
        ("a.yaml", b"- 1", 1, 1, "expected settings as 'key: value', got a list"),
        ("a.yaml", b"text", 1, 1, "got the value 'text'"),
        ("a.yaml", b"a: &x [*x]", 1, 4, "an alias refers to what contains it"),
        ("a.yaml", b"x: 1\na: !!python/object/apply:os.getcwd []", 2, 4, "could not determine a constructor"),
        ("a.yaml", b"a: 2026-13-45", 1, 4, "month must be in 1..12"),
        ("a.yaml", b"? [1]\n: 2", 1, 3, "a key must be text"),
        ("a.yaml", b"a: 1\nb: \xff", 2, 4, "not UTF-8"),
        ("a.toml", b"a = 1\nb = [1,,]\n", 2, 8, "Invalid value"),
        ("a.toml", b"a=1\na=2", 2, 4, "Cannot overwrite a value"),
        ("a.toml", b"a=", 1, 3, "Invalid value"),
    ],
)
def test_malformed_file_is_named_with_line_and_column(
    tmp_path: Path, name: str, content: bytes, line: int, column: int, reason: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(MalformedSourceError) as caught:
        Config.from_file(path)

    assert (caught.value.path, caught.value.line, caught.value.column) == (str(path), line, column)
    assert str(caught.value).startswith(f"{path}, line {line}, column {column}: ")
    assert reason in caught.value.reason
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        (
            "a.yaml",
            b"a: 1\r\nb:\r\n  c: 1\r\n  c: 2\r\n",
            "line 4, column 3: key 'c' is already set in line 3",
        ),
        ("a.yaml", b"a:\n\tb: 1\n", "line 2, column 1: found character that cannot start any token"),
        ("a.yaml", b"\xef\xbb\xbfa: 1\na: 2\n", "line 2, column 1: key 'a' is already set in line 1"),
        ("a.yaml", b"a: 1\nb: \x07\n", "line 2, column 4: "),
        ("a.yaml", b"- 1\n- 2\n", "line 1, column 1: expected settings as 'key: value', got a list"),
        ("a.yaml", b"\n\n17\n", "line 3, column 1: expected settings as 'key: value', got the value 17"),
        (
            "a.yaml",
            b"shop: {size: 1}\nshop.size: 2\n",
            "line 2, column 1: key 'shop.size' is already set in line 1",
        ),
        ("a.yaml", b"shop.size: 2\nshop: 1\n", "line 2, column 1: key 'shop' is already set in line 1"),
        ("a.yaml", b"shop: 1\nshop.size: 2\n", "line 2, column 1: key 'shop.size' is already set in line 1"),
        ("a.yaml", "a: ü\n".encode("latin-1"), "line 1, column 4: not UTF-8"),
        ("a.yaml", "a: 1\n".encode("utf-16"), "line 1, column 1: not UTF-8"),
        ("a.toml", b"\xef\xbb\xbfa = 1\r\na = 2\r\n", "line 2, column 6: Cannot overwrite a value"),
        ("a.toml", b"[a]\n[a]\n", "line 2, column 3: Cannot declare ('a',) twice"),
        ("a.toml", b"a = 1\n\x07 = 2\n", "line 2, column 1: Invalid statement"),
    ],
)
def test_fault_of_a_file_is_told_in_one_line(tmp_path: Path, name: str, content: bytes, text: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(MalformedSourceError) as caught:
        Config.from_file(path)

    assert str(caught.value).startswith(f"{path}, {text}")
    assert "\n" not in str(caught.value)
    assert caught.value.action == f"Correct {path}, line {caught.value.line}, column {caught.value.column}."


@pytest.mark.parametrize("name", ["pyfly.yaml", "pyfly.toml", "pyfly-dev.yaml"])
def test_file_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(MalformedSourceError) as caught:
        Config.from_sources(tmp_path, ["dev"])

    assert str(caught.value) == f"{tmp_path / name}: cannot be read: Is a directory"
    assert caught.value.action == f"Correct {tmp_path / name}."


@pytest.mark.parametrize(
    "content", [b"", b"\xef\xbb\xbf", b"\r\n\r\n", b"# a comment", b"--- # nothing\n", b"null"]
)
def test_file_without_settings_counts_as_read(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "pyfly.yaml").write_bytes(content)
    config = Config.from_sources(tmp_path, load_defaults=False)
    assert (config.to_dict(), config.loaded_sources) == ({}, [str(tmp_path / "pyfly.yaml")])


def test_section_without_settings_goes_with_a_dotted_key(tmp_path: Path) -> None:
    write(tmp_path, {"pyfly.yaml": "shop:\nshop.size: 2\n"})
    assert Config.from_sources(tmp_path).get("shop.size") == 2


def test_merged_mapping_gives_way_to_the_keys_around_it(tmp_path: Path) -> None:
    write(tmp_path, {"pyfly.yaml": "a:\n  <<: {x: 1, y: 1}\n  x: 2\n"})
    assert Config.from_sources(tmp_path).get_section("a") == {"x": 2, "y": 1}


ORIGINS = """\
shop.pool-size: 1
servers:
  - url: a
  - url: b
    tls:
      on: true
matrix: [[1, 2],
  [3, 4]]
base: &base
  x: 1
copy: *base
level: {pyfly.web: DEBUG}
"""


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("shop", 1),
        ("shop.pool-size", 1),
        ("shop.poolSize", 1),
        ("servers", 2),
        ("servers[0].url", 3),
        ("servers[1]", 4),
        ("servers[1].url", 4),
        ("servers[1].tls.on", 6),
        ("matrix[1][0]", 8),
        ("copy.x", 11),
        ("level.pyfly.web", 12),
    ],
)
def test_origin_of_a_key_is_its_file_and_line(tmp_path: Path, key: str, line: int) -> None:
    write(tmp_path, {"pyfly.yaml": ORIGINS})
    assert Config.from_sources(tmp_path).origin(key) == f"{tmp_path / 'pyfly.yaml'}, line {line}"


def test_item_comes_from_the_layer_that_sets_the_list(tmp_path: Path) -> None:
    write(tmp_path, {"pyfly.yaml": "a: [{x: 1}, {x: 2}]", "pyfly-dev.yaml": "\na:\n - x: 3\n"})
    config = Config.from_sources(tmp_path, ["dev"])
    assert config.origin("a[0].x") == f"{tmp_path / 'pyfly-dev.yaml'} (profile: dev), line 3"
    assert config.origin("a[1].x") is None


def test_key_that_is_hidden_has_no_origin(tmp_path: Path) -> None:
    write(tmp_path, {"pyfly.yaml": "a: {x: 1}", "pyfly-dev.yaml": "a: 2"})
    config = Config.from_sources(tmp_path, ["dev"])
    assert config.origin("a.x") is None
    assert config.origin("missing") is None


def test_aliases_cannot_blow_a_file_up(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{index}: &a{index} [{', '.join([f'*a{index - 1}'] * 9)}]" for index in range(1, 12)]
    write(tmp_path, {"pyfly.yaml": "\n".join(lines)})
    with pytest.raises(MalformedSourceError, match="aliases make this document too large"):
        Config.from_sources(tmp_path)


def test_folder_in_place_of_a_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "pyfly.yaml").mkdir()
    with pytest.raises(MalformedSourceError, match="cannot be read"):
        Config.from_sources(tmp_path)


def test_file_called_pyfly_stands_for_its_directory(tmp_path: Path) -> None:
    write(tmp_path, {"config/pyfly.yaml": "a: 1", "pyfly.yaml": "b: 2"})
    config = Config.from_file(tmp_path / "pyfly.yaml")
    assert (config.get("a"), config.get("b")) == (1, 2)


def test_file_of_a_profile_stands_for_its_directory_under_that_profile(tmp_path: Path) -> None:
    write(tmp_path, {"pyfly.yaml": "{a: 1, b: 1}", "pyfly-dev.yaml": "b: 2"})
    config = Config.from_file(tmp_path / "pyfly-dev.yaml")
    assert (config.get("a"), config.get("b"), config.active_profiles) == (1, 2, ["dev"])


def test_file_of_another_name_has_siblings_for_profiles(tmp_path: Path) -> None:
    write(tmp_path, {"shop.yaml": "{a: 1, b: 1}", "shop-dev.yaml": "b: 2", "pyfly.yaml": "a: 9"})
    config = Config.from_file(tmp_path / "shop.yaml", ["dev"], load_defaults=False)
    assert config.to_dict() == {"a": 1, "b": 2}


def test_missing_file_leaves_the_defaults(tmp_path: Path) -> None:
    assert Config.from_file(tmp_path / "shop.yaml").loaded_sources == [DEFAULTS]


@pytest.mark.parametrize(
    "setting",
    ["dev, prod ,", "[dev, prod]", "['${first:dev}', '${second}']"],
    ids=["text", "list", "placeholders"],
)
def test_profiles_come_from_the_files(tmp_path: Path, setting: str) -> None:
    active = setting if setting.startswith("[") else f"'{setting}'"
    write(
        tmp_path,
        {
            "pyfly.yaml": f"second: prod\npyfly: {{profiles: {{active: {active}}}}}",
            "pyfly-dev.yaml": "{a: dev, b: dev}",
            "pyfly-prod.toml": "b='prod'",
        },
    )
    config = Config.from_sources(tmp_path)
    assert config.active_profiles == ["dev", "prod"]
    assert (config.get("a"), config.get("b")) == ("dev", "prod")


def test_profiles_of_the_root_beat_those_of_the_config_folder(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "config/pyfly.yaml": "pyfly: {profiles: {active: low}}",
            "pyfly.toml": "[pyfly.profiles]\nactive=['high']",
        },
    )
    assert Config.from_sources(tmp_path).active_profiles == ["high"]


def test_profiles_of_the_environment_beat_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"pyfly.yaml": "pyfly: {profiles: {active: [low]}}"})
    monkeypatch.setenv("PYFLY_PROFILES_ACTIVE", "a, b")
    assert Config.from_sources(tmp_path).active_profiles == ["a", "b"]


def test_profiles_that_are_given_beat_all_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYFLY_PROFILES_ACTIVE", "a")
    assert Config.from_sources(tmp_path, []).active_profiles == []


def test_configuration_without_files_reads_its_profiles_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    config = Config({"pyfly": {"profiles": {"active": "dev"}}})
    before = config.active_profiles
    monkeypatch.setenv("PYFLY_PROFILES_ACTIVE", "prod")
    assert (before, config.active_profiles) == (["dev"], ["prod"])


def test_group_activates_its_members_after_itself(tmp_path: Path) -> None:
    groups = "pyfly: {profiles: {active: [x, prod], group: {prod: [db, mq], db: 'pool'}}}"
    write(tmp_path, {"pyfly.yaml": groups})
    assert Config.from_sources(tmp_path).active_profiles == ["x", "prod", "db", "pool", "mq"]


def test_group_that_contains_itself_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, {"pyfly.yaml": "pyfly: {profiles: {active: a, group: {a: [b], b: [a]}}}"})
    with pytest.raises(ProfileError, match="a -> b -> a"):
        Config.from_sources(tmp_path)


def test_group_that_contains_itself_is_named_with_its_line(tmp_path: Path) -> None:
    groups = "active: x\n    group:\n      x: [a]\n      a: [b]\n      b: [a]\n"
    write(tmp_path, {"pyfly.yaml": f"pyfly:\n  profiles:\n    {groups}"})
    with pytest.raises(ProfileError) as caught:
        Config.from_sources(tmp_path)

    assert str(caught.value) == (
        "Profile group contains itself: a -> b -> a "
        f"(pyfly.profiles.group.b, from {tmp_path / 'pyfly.yaml'}, line 7)"
    )


def test_profile_that_cannot_be_one_is_named_with_its_line(tmp_path: Path) -> None:
    write(tmp_path, {"pyfly.toml": "[pyfly.profiles]\nactive = ['dev', 'a/b']\n"})
    with pytest.raises(ProfileError) as caught:
        Config.from_sources(tmp_path)

    assert str(caught.value) == (
        "'a/b' cannot be a profile: use letters, digits, '_', '.' and '-' "
        f"(pyfly.profiles.active, from {tmp_path / 'pyfly.toml'}, line 2)"
    )


@pytest.mark.parametrize(
    "text",
    [
        "[pyfly.profiles]\nactive = ['${first:prod}']\ngroup.prod = ['db', 'mq']",
        "pyfly.profiles.active = 'prod, '\npyfly.profiles.group.prod = '${members:db}, mq'",
    ],
)
def test_profiles_and_groups_of_toml_are_read(tmp_path: Path, text: str) -> None:
    write(tmp_path, {"pyfly.toml": text})
    assert Config.from_sources(tmp_path).active_profiles == ["prod", "db", "mq"]


def test_environment_chooses_a_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"pyfly.yaml": "pyfly.profiles: {active: low, group: {prod: [db]}}"})
    monkeypatch.setenv("PYFLY_PROFILES_ACTIVE", "prod")
    monkeypatch.setenv("PYFLY_PROFILES_GROUP_DB", "mq, pool")
    assert Config.from_sources(tmp_path).active_profiles == ["prod", "db", "mq", "pool"]


@pytest.mark.parametrize("name", ["../secret", "a/b", "!dev"])
def test_name_that_cannot_be_a_profile_is_an_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(ProfileError, match="cannot be a profile"):
        Config.from_sources(tmp_path, [name])


def test_profile_cannot_activate_profiles(tmp_path: Path) -> None:
    write(tmp_path, {"pyfly-dev.yaml": "x: 1\npyfly:\n  profiles: {active: prod}"})
    with pytest.raises(
        ProfileError, match=r"pyfly-dev\.yaml \(profile: dev\), line 3: pyfly\.profiles\.active"
    ):
        Config.from_sources(tmp_path, ["dev"])


def test_reload_reads_the_files_again(tmp_path: Path) -> None:
    write(tmp_path, {"pyfly.yaml": "a: 1", "pyfly-dev.yaml": "b: 1"})
    config = Config.from_sources(tmp_path, ["dev"])
    write(tmp_path, {"pyfly.yaml": "a: 2", "pyfly-dev.yaml": "b: 2"})
    assert config.reload_from_sources() is True
    assert (config.get("a"), config.get("b")) == (2, 2)


def test_reload_keeps_merged_settings_on_top(tmp_path: Path) -> None:
    write(tmp_path, {"pyfly.yaml": "a: 1"})
    config = Config.from_sources(tmp_path)
    config.merge({"a": 3}, name="remote")
    config.reload_from_sources()
    assert (config.get("a"), config.loaded_sources[-1]) == (3, "remote")


def test_failed_reload_changes_nothing(tmp_path: Path) -> None:
    write(tmp_path, {"pyfly.yaml": "a: 1"})
    config = Config.from_sources(tmp_path)
    write(tmp_path, {"pyfly.yaml": "a: [2"})
    with pytest.raises(ConfigurationError):
        config.reload_from_sources()

    assert config.get("a") == 1


def test_configuration_without_files_has_nothing_to_reload() -> None:
    config = Config({"a": 1})
    assert config.reload_from_sources() is False
    assert config.get("a") == 1
