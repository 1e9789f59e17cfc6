# SPDX-License-Identifier: Apache-2.0
import os
import pickle
from pathlib import Path

import pytest

from pyfly.config.errors import MalformedSourceError, ProfileError
from pyfly.config.import_errors import ImportChainError, ImportSettingError, MissingImportError
from pyfly.config.store import Config


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    return folder


@pytest.mark.parametrize(
    "setting",
    [
        "more.yaml",
        "file:more.yaml",
        "[optional:file:./more.yaml]",
        "'file: more.yaml'",
        "file:{folder}/more.yaml",
        "file://{folder}/more.yaml",
    ],
)
def test_file_lies_above_all_others(tmp_path: Path, setting: str) -> None:
    setting = setting.format(folder=tmp_path)
    write(
        tmp_path,
        {
            "pyfly.yaml": f"a: 1\nb: 1\npyfly.config.import: {setting}",
            "pyfly-dev.yaml": "b: 2",
            "more.yaml": "b: 3",
        },
    )
    config = Config.from_sources(tmp_path, ["dev"])
    assert (config.get("a"), config.get("b")) == (1, 3)
    assert config.loaded_sources[-1] == str(tmp_path / "more.yaml")
    assert config.origin("b") == f"{tmp_path / 'more.yaml'}, line 1"
    assert config.property_sources()[0]["name"] == str(tmp_path / "more.yaml")


def test_path_is_relative_to_the_file_that_names_it(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "config/pyfly.yaml": "pyfly.config.import: sub/one.toml",
            "config/sub/one.toml": "a = 1\n[pyfly.config]\nimport = ['two.yaml']",
            "config/sub/two.yaml": "b: 2",
        },
    )
    config = Config.from_sources(tmp_path)
    assert (config.get("a"), config.get("b")) == (1, 2)


def test_path_that_no_file_names_is_relative_to_the_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYFLY_CONFIG_IMPORT", "more.yaml, sub/other.toml")
    write(tmp_path, {"shop.yaml": "a: 1", "more.yaml": "a: 2\nb: 2", "sub/other.toml": "b = 3"})
    config = Config.from_file(tmp_path / "shop.yaml")
    assert (config.get("a"), config.get("b")) == (2, 3)


def test_placeholders_of_a_path_are_filled_in(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "pyfly.yaml": "where: one\npyfly.config.import: '${where}.yaml'",
            "one.yaml": "next: two\npyfly.config.import: ['${next}.yaml']",
            "two.yaml": "a: 1",
        },
    )
    assert Config.from_sources(tmp_path).get("a") == 1


def test_imports_of_all_files_count(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "pyfly.yaml": "pyfly.config.import: a.yaml\n---\n"
            "pyfly.config: {activate: {on-profile: dev}, import: b.yaml}",
            "pyfly-dev.yaml": "pyfly: {config: {import: [c.yaml]}}",
            "a.yaml": "x: a\na: 1",
            "b.yaml": "x: b\nb: 1",
            "c.yaml": "x: c\nc: 1",
        },
    )
    config = Config.from_sources(tmp_path, ["dev"])
    assert [config.get(key) for key in "abcx"] == [1, 1, 1, "c"]
    assert Config.from_sources(tmp_path, []).get("x") == "a"


def test_documents_of_an_imported_file_apply_under_their_profile(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "pyfly.yaml": "pyfly.config.import: more.yaml",
            "more.yaml": "a: 1\n---\npyfly.config.activate.on-profile: dev\na: 2",
        },
    )
    assert Config.from_sources(tmp_path, ["dev"]).get("a") == 2
    assert Config.from_sources(tmp_path, []).get("a") == 1


def test_nested_import_lies_above_the_file_that_names_it_and_below_the_next(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "pyfly.yaml": "pyfly.config.import: [one.yaml, two.yaml]",
            "one.yaml": "a: 1\nb: 1\npyfly.config.import: inner.yaml",
            "inner.yaml": "a: inner\nb: inner",
            "two.yaml": "b: 2",
        },
    )
    config = Config.from_sources(tmp_path)
    assert (config.get("a"), config.get("b")) == ("inner", 2)


def test_file_that_two_import_lies_above_both(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "pyfly.yaml": "pyfly.config.import: [one.yaml, two.yaml]",
            "one.yaml": "a: 1\npyfly.config.import: inner.yaml",
            "inner.yaml": "a: inner",
            "two.yaml": "a: 2\npyfly.config.import: ./inner.yaml",
        },
    )
    config = Config.from_sources(tmp_path)
    assert config.get("a") == "inner"
    assert [Path(name).name for name in config.loaded_sources[-3:]] == ["one.yaml", "two.yaml", "inner.yaml"]


def test_missing_file_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, {"pyfly.yaml": "a: 1\npyfly:\n  config:\n    import:\n      - file:more.yaml\n"})
    with pytest.raises(MissingImportError) as caught:
        Config.from_sources(tmp_path)

    assert str(caught.value) == (
        f"Cannot import file:more.yaml (from {tmp_path / 'pyfly.yaml'}, line 4): "
        f"{tmp_path / 'more.yaml'} does not exist"
    )
    assert caught.value.action == (
        f"Create {tmp_path / 'more.yaml'}, correct the location, or write optional:file:more.yaml."
    )
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_missing_file_that_is_optional_is_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    write(tmp_path, {"pyfly.yaml": "a: 1\npyfly.config.import: optional:file:more.yaml"})
    assert Config.from_sources(tmp_path).get("a") == 1
    assert caplog.record_tuples == [
        (
            "pyfly.config",
            30,
            f"Cannot import file:more.yaml (from {tmp_path / 'pyfly.yaml'}, line 2): "
            f"{tmp_path / 'more.yaml'} does not exist; the application goes on without it",
        )
    ]


def test_optional_file_must_be_well_formed(tmp_path: Path) -> None:
    write(tmp_path, {"pyfly.yaml": "pyfly.config.import: optional:file:more.yaml", "more.yaml": "a: 1\na: 2"})
    with pytest.raises(MalformedSourceError, match=r"more\.yaml, line 2, column 1"):
        Config.from_sources(tmp_path)


@pytest.mark.parametrize("name", ["more.json", "more", "more.yaml.bak"])
def test_file_of_another_kind_is_an_error(tmp_path: Path, name: str) -> None:
    write(tmp_path, {"pyfly.yaml": f"pyfly.config.import: {name}", name: "{}"})
    with pytest.raises(ImportSettingError) as caught:
        Config.from_sources(tmp_path)

    assert str(caught.value) == (
        f"pyfly.config.import: expected a file that ends in .yaml, .yml or .toml, got file:{name} "
        f"(from {tmp_path / 'pyfly.yaml'}, line 1)"
    )


def test_imports_in_a_circle_are_drawn(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "pyfly.yaml": "pyfly.config.import: one.yaml",
            "one.yaml": "pyfly.config.import: sub/two.yaml",
            "sub/two.yaml": "pyfly.config.import: ../one.yaml",
        },
    )
    with pytest.raises(ImportChainError) as caught:
        Config.from_sources(tmp_path)

    one, two = tmp_path / "one.yaml", tmp_path / "sub/two.yaml"
    assert str(caught.value) == f"Imports lead back to where they started: {one} -> {two} -> {one}"


def test_file_that_imports_itself_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, {"pyfly.yaml": "pyfly.config.import: pyfly.yaml"})
    with pytest.raises(ImportChainError, match="lead back"):
        Config.from_sources(tmp_path)


def test_imports_do_not_go_on_for_ever(tmp_path: Path) -> None:
    write(tmp_path, {f"{index}.yaml": f"pyfly.config.import: {index + 1}.yaml" for index in range(20)})
    with pytest.raises(ImportChainError, match="More than 10 imports lead from one to the next"):
        Config.from_file(tmp_path / "0.yaml")


def test_number_of_imports_is_bounded(tmp_path: Path) -> None:
    files = {f"{index}.yaml": "a: 1" for index in range(101)}
    write(tmp_path, {"pyfly.yaml": f"pyfly.config.import: [{', '.join(files)}]", **files})
    with pytest.raises(ImportChainError, match="There are more than 100 imports"):
        Config.from_sources(tmp_path)


def test_imported_file_cannot_choose_profiles(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"pyfly.yaml": "pyfly.config.import: more.yaml", "more.yaml": "\npyfly.profiles.active: dev"},
    )
    with pytest.raises(ProfileError) as caught:
        Config.from_sources(tmp_path)

    assert str(caught.value) == (
        f"{tmp_path / 'more.yaml'}, line 2: pyfly.profiles.active cannot be set by an import: "
        "the profiles are active already"
    )


def test_reload_reads_imports_again(tmp_path: Path) -> None:
    write(tmp_path, {"pyfly.yaml": "pyfly.config.import: optional:more.yaml", "more.yaml": "a: 1"})
    config = Config.from_sources(tmp_path)
    write(tmp_path, {"more.yaml": "a: 2"})
    config.reload_from_sources()
    assert config.get("a") == 2
    (tmp_path / "more.yaml").unlink()
    with pytest.raises(MissingImportError):
        config.reload_from_sources()

    assert config.get("a") == 2


def test_merged_settings_lie_above_imports(tmp_path: Path) -> None:
    write(tmp_path, {"pyfly.yaml": "pyfly.config.import: more.yaml", "more.yaml": "a: 1"})
    config = Config.from_sources(tmp_path)
    config.merge({"a": 2}, name="over")
    config.reload_from_sources()
    assert config.get("a") == 2


def test_folder_with_a_file_for_each_key(tmp_path: Path) -> None:
    secrets = write(
        tmp_path / "run",
        {
            "db.password": "s3cret\n",
            "mq/user": "  guest  ",
            "servers[0].url": "a",
            "empty": "",
            "..data/ignored": "x",
            ".hidden": "x",
        },
    )
    os.symlink(secrets / "empty", secrets / "linked")
    write(tmp_path, {"pyfly.yaml": "db.password: file\npyfly.config.import: configtree:run"})
    config = Config.from_sources(tmp_path, load_defaults=False)
    assert (config.get("db.password"), config.get("mq.user")) == ("s3cret", "guest")
    assert (config.get("servers[0].url"), config.get("linked")) == ("a", "")
    assert (config.get("hidden"), config.loaded_sources[-1]) == (None, "configtree:run")
    assert config.origin("db.password") == f"configtree:run, from {secrets / 'db.password'}"
    shown = config.property_sources()[0]["properties"]["db.password"]
    assert shown == {"value": "******", "origin": f"configtree:run, from {secrets / 'db.password'}"}


def test_missing_folder_is_an_error_unless_it_is_optional(tmp_path: Path) -> None:
    write(tmp_path, {"pyfly.yaml": "pyfly.config.import: configtree:/not/there/"})
    with pytest.raises(MissingImportError, match="/not/there does not exist"):
        Config.from_sources(tmp_path)

    write(tmp_path, {"pyfly.yaml": "pyfly.config.import: 'optional:configtree:/not/there/'"})
    assert Config.from_sources(tmp_path).get("a") is None


@pytest.mark.parametrize(
    ("files", "fault"),
    [
        ({"a": "1", "a.b": "2"}, "a.b: key 'a.b' has a value and further keys below it"),
        ({"a": "\udcff"}, "a, line 1, column 1: not UTF-8"),
        ({"a": "x" * (1024 * 1024 + 1)}, "a: is longer than 1048576 bytes"),
    ],
)
def test_folder_that_cannot_be_settings_is_an_error(
    tmp_path: Path, files: dict[str, str], fault: str
) -> None:
    (tmp_path / "run").mkdir()
    for name, text in files.items():
        (tmp_path / "run" / name).write_text(text, "utf-8", errors="surrogateescape")

    write(tmp_path, {"pyfly.yaml": "pyfly.config.import: configtree:run"})
    with pytest.raises(MalformedSourceError) as caught:
        Config.from_sources(tmp_path)

    assert str(caught.value) == f"{tmp_path / 'run'}/{fault}"


def test_file_in_place_of_a_folder_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, {"pyfly.yaml": "pyfly.config.import: configtree:run", "run": "x"})
    with pytest.raises(MalformedSourceError, match="cannot be read: Not a directory"):
        Config.from_sources(tmp_path)
