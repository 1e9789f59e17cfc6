# SPDX-License-Identifier: Apache-2.0
import pickle
from pathlib import Path

import pytest

from pyfly.config.errors import ActivationError, MalformedSourceError, ProfileError
from pyfly.config.store import Config

DOCUMENTS = """\
# the shop
a: base
b: base
c: base
---
pyfly.config.activate.on-profile: prod & !eu
b: prod
c: prod
---
c: second
d:
  e: second
"""


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    return folder


def values(config: Config, keys: str) -> list[object]:
    return [config.get(key) for key in keys]


def test_document_of_a_profile_lies_above_the_others_of_its_file(tmp_path: Path) -> None:
    write(tmp_path, {"pyfly.yaml": DOCUMENTS})
    config = Config.from_sources(tmp_path, ["prod"], load_defaults=False)
    path = tmp_path / "pyfly.yaml"
    assert values(config, "abc") == ["base", "prod", "prod"]
    assert config.loaded_sources == [
        str(path),
        f"{path} (document 3)",
        f"{path} (document 2, profile: prod & !eu)",
    ]


def test_document_whose_profile_is_not_active_is_left_out(tmp_path: Path) -> None:
    write(tmp_path, {"pyfly.yaml": DOCUMENTS})
    config = Config.from_sources(tmp_path, ["prod", "eu"], load_defaults=False)
    assert values(config, "abc") == ["base", "base", "second"]
    assert len(config.loaded_sources) == 2


def test_condition_is_no_setting(tmp_path: Path) -> None:
    write(tmp_path, {"pyfly.yaml": "pyfly: {config: {activate: {on-profile: prod}}}\na: 1"})
    assert Config.from_sources(tmp_path, ["prod"], load_defaults=False).to_dict() == {"a": 1}


def test_origin_names_the_line_in_later_documents(tmp_path: Path) -> None:
    write(tmp_path, {"pyfly.yaml": DOCUMENTS})
    config = Config.from_sources(tmp_path, ["prod"])
    path = tmp_path / "pyfly.yaml"
    assert config.origin("a") == f"{path}, line 2"
    assert config.origin("b") == f"{path} (document 2, profile: prod & !eu), line 7"
    assert config.origin("d.e") == f"{path} (document 3), line 12"


@pytest.mark.parametrize(
    "condition",
    [
        "pyfly.config.activate.on-profile: prod",
        "pyfly: {config: {activate: {on-profile: prod}}}",
        "pyfly: {config.activate.on-profile: prod}",
        "pyfly.config: {activate: {onProfile: [prod]}}",
        "pyfly.config.activate.on_profile: [other, prod & !eu]",
        "pyfly.config.activate.on-profile: (prod | other) & !(eu | us)",
        "pyfly.config.activate.on-profile: other, prod",
    ],
)
def test_condition_is_written_in_any_spelling(tmp_path: Path, condition: str) -> None:
    write(tmp_path, {"pyfly.yaml": f"a: 1\n---\n{condition}\na: 2"})
    assert Config.from_sources(tmp_path, ["prod"]).get("a") == 2
    assert Config.from_sources(tmp_path, ["eu"]).get("a") == 1


def test_default_holds_while_no_profile_is_active(tmp_path: Path) -> None:
    write(tmp_path, {"pyfly.yaml": "a: 1\n---\npyfly.config.activate.on-profile: default\na: 2"})
    assert Config.from_sources(tmp_path, []).get("a") == 2
    assert Config.from_sources(tmp_path, ["prod"]).get("a") == 1


def test_group_and_its_members_activate_documents(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "pyfly.yaml": "pyfly.profiles: {active: prod, group: {prod: [db]}}\n"
            "---\npyfly.config.activate.on-profile: prod & db\na: 1"
        },
    )
    assert Config.from_sources(tmp_path).get("a") == 1


def test_unconditional_document_can_name_the_profiles(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "pyfly.yaml": "a: 1\n---\npyfly.profiles.active: prod\n---\n"
            "pyfly.config.activate.on-profile: prod\na: 2"
        },
    )
    assert Config.from_sources(tmp_path).get("a") == 2


def test_later_file_lies_above_the_documents_of_an_earlier_one(tmp_path: Path) -> None:
    condition = "pyfly.config.activate.on-profile: prod"
    write(
        tmp_path,
        {
            "config/pyfly.yaml": f"a: 1\nb: 1\nc: 1\n---\n{condition}\na: 2\nb: 2\nc: 2",
            "pyfly.yaml": f"b: 3\nc: 3\n---\n{condition}\nc: 4",
        },
    )
    assert values(Config.from_sources(tmp_path, ["prod"]), "abc") == [2, 3, 4]


def test_file_of_a_profile_lies_above_all_documents_of_the_base_file(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "pyfly.yaml": "a: 1\n---\npyfly.config.activate.on-profile: prod & eu\na: 2\nb: 2",
            "pyfly-prod.yaml": "a: 3\nc: 3\n---\npyfly.config.activate.on-profile: eu\nc: 4",
        },
    )
    config = Config.from_sources(tmp_path, ["prod", "eu"], load_defaults=False)
    assert values(config, "abc") == [3, 2, 4]
    path = tmp_path / "pyfly-prod.yaml"
    assert config.loaded_sources[-2:] == [
        f"{path} (profile: prod)",
        f"{path} (profile: prod, document 2, profile: eu)",
    ]


def test_empty_documents_are_passed_over(tmp_path: Path) -> None:
    write(tmp_path, {"pyfly.yaml": "---\n# nothing\n---\na: 1\n---\n---\nb: 2\n...\n"})
    config = Config.from_sources(tmp_path, load_defaults=False)
    path = tmp_path / "pyfly.yaml"
    assert config.to_dict() == {"a": 1, "b": 2}
    assert config.loaded_sources == [f"{path} (document 2)", f"{path} (document 4)"]


def test_only_document_of_a_file_can_be_for_a_profile(tmp_path: Path) -> None:
    write(tmp_path, {"pyfly.yaml": "pyfly.config.activate.on-profile: prod\na: 1"})
    assert Config.from_sources(tmp_path, load_defaults=False).to_dict() == {}
    config = Config.from_sources(tmp_path, ["prod"], load_defaults=False)
    assert config.loaded_sources == [f"{tmp_path / 'pyfly.yaml'} (profile: prod)"]


def test_reload_reads_documents_under_the_same_profiles(tmp_path: Path) -> None:
    write(tmp_path, {"pyfly.yaml": "a: 1"})
    config = Config.from_sources(tmp_path, ["prod"])
    write(tmp_path, {"pyfly.yaml": "a: 1\n---\npyfly.config.activate.on-profile: prod\na: 2"})
    config.reload_from_sources()
    assert config.get("a") == 2


@pytest.mark.parametrize("setting", ["active: prod", "group: {prod: [db]}"])
@pytest.mark.parametrize("profile", ["dev", "other"])
def test_document_of_a_profile_cannot_choose_profiles(tmp_path: Path, setting: str, profile: str) -> None:
    name = setting.partition(":")[0]
    document = f"pyfly:\n  config.activate.on-profile: dev\n  profiles:\n    {setting}"
    write(tmp_path, {"pyfly.yaml": f"a: 1\n---\n{document}"})
    with pytest.raises(ProfileError) as caught:
        Config.from_sources(tmp_path, [profile])

    assert str(caught.value) == (
        f"{tmp_path / 'pyfly.yaml'} (document 2, profile: dev), line 6: "
        f"pyfly.profiles.{name} cannot be set for a profile, which is active already"
    )


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (
            "on-profile: prod &",
            "on-profile: expected a profile expression, got 'prod &' (from {path}, line 4): "
            "a profile name is missing at character 7",
        ),
        (
            "on-profile:\n  - prod\n  - pr od",
            "on-profile: expected a profile expression, got 'pr od' (from {path}, line 6): "
            "unexpected 'od' at character 4",
        ),
        (
            "on-profile: ${active}",
            "on-profile: expected a profile expression, got '${{active}}' (from {path}, line 4): "
            "unexpected '$' at character 1",
        ),
        (
            "on-profile: true",
            "on-profile: expected a profile expression, got True (from {path}, line 4)",
        ),
        ("on-profile:", "on-profile: expected a profile expression, got nothing (from {path}, line 4)"),
        ("on-profile: []", "on-profile: expected a profile expression, got nothing (from {path}, line 4)"),
        (
            "on-profiles: prod",
            "on-profiles: expected the key pyfly.config.activate.on-profile, got another one "
            "(from {path}, line 4)",
        ),
    ],
)
def test_condition_that_cannot_be_read_is_an_error(tmp_path: Path, condition: str, text: str) -> None:
    write(tmp_path, {"pyfly.yaml": f"a: 1\n---\nb: 1\npyfly.config.activate.{condition}\n"})
    with pytest.raises(ActivationError) as caught:
        Config.from_sources(tmp_path)

    expected = "pyfly.config.activate." + text.format(path=tmp_path / "pyfly.yaml")
    assert str(caught.value) == expected
    assert str(pickle.loads(pickle.dumps(caught.value))) == expected
    assert "prod & !eu" in caught.value.action


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a: 1\n---\n- 1\n", "line 3, column 1: expected settings as 'key: value', got a list"),
        ("a: 1\n---\nb: 1\nb: 2\n", "line 4, column 1: key 'b' is already set in line 3"),
        ("a: 1\n---\nb: [1\n", "line 4, column 1: "),
    ],
)
def test_malformed_document_is_named_by_its_line(tmp_path: Path, text: str, fault: str) -> None:
    write(tmp_path, {"pyfly.yaml": text})
    with pytest.raises(MalformedSourceError) as caught:
        Config.from_sources(tmp_path)

    assert str(caught.value).startswith(f"{tmp_path / 'pyfly.yaml'}, {fault}")
