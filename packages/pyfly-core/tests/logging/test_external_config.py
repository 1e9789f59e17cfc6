# SPDX-License-Identifier: Apache-2.0
import json
import logging
import logging.handlers
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyfly.logging.config_loader import apply_external_config

YAML = """
version: 1
formatters:
  short: {format: "%(levelname)s %(message)s"}
handlers:
  memory:
    class: logging.handlers.BufferingHandler
    capacity: 100
    formatter: short
loggers:
  external.shop: {level: DEBUG, handlers: [memory], propagate: false}
"""
TOML = """
[handlers.memory]
class = "logging.handlers.BufferingHandler"
capacity = 100

[loggers."external.shop"]
level = "DEBUG"
handlers = ["memory"]
propagate = false
"""
INI = """
[loggers]
keys = root,shop
[handlers]
keys = memory
[formatters]
keys =
[logger_root]
handlers =
[logger_shop]
qualname = external.shop
level = DEBUG
handlers = memory
propagate = 0
[handler_memory]
class = logging.handlers.BufferingHandler
args = (100,)
"""
JSON = json.dumps(
    {
        "handlers": {"memory": {"class": "logging.handlers.BufferingHandler", "capacity": 100}},
        "loggers": {"external.shop": {"level": "DEBUG", "handlers": ["memory"], "propagate": False}},
    }
)


@pytest.fixture(autouse=True)
def untouched_logging() -> Iterator[None]:
    root, shop, bank = (logging.getLogger(name) for name in (None, "external.shop", "external.bank"))
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    shop.propagate, shop.disabled, bank.disabled = True, False, False
    shop.handlers.clear()
    shop.setLevel(logging.NOTSET)


def write(folder: Path, name: str, text: str) -> str:
    file = folder / name
    file.write_text(text, "utf-8")
    return str(file)


class TestApplied:
    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("log.yaml", YAML),
            ("log.yml", YAML),
            ("log.json", JSON),
            ("log.toml", TOML),
            ("LOG.JSON", JSON),
            ("log.conf", INI),
            ("logging", INI),
            ("log.yaml", "\ufeff" + YAML),
            ("log.conf", "\ufeff" + INI),
        ],
    )
    def test_by_suffix(self, tmp_path: Path, name: str, text: str) -> None:
        assert apply_external_config(write(tmp_path, name, text)) is True

        shop = logging.getLogger("external.shop")
        assert shop.level == logging.DEBUG
        assert [type(handler) for handler in shop.handlers] == [logging.handlers.BufferingHandler]

    def test_formatters_of_the_file_are_used(self, tmp_path: Path) -> None:
        apply_external_config(write(tmp_path, "log.yaml", YAML))

        [handler] = logging.getLogger("external.shop").handlers
        assert handler.format(logging.makeLogRecord({"msg": "paid", "levelname": "INFO"})) == "INFO paid"

    @pytest.mark.parametrize(("name", "text"), [("log.yaml", YAML), ("log.json", JSON), ("log.conf", INI)])
    def test_loggers_that_exist_stay_enabled(self, tmp_path: Path, name: str, text: str) -> None:
        bank = logging.getLogger("external.bank")

        apply_external_config(write(tmp_path, name, text))

        assert not bank.disabled

    def test_file_may_disable_existing_loggers(self, tmp_path: Path) -> None:
        bank = logging.getLogger("external.bank")

        apply_external_config(write(tmp_path, "log.yaml", "disable_existing_loggers: true\n" + YAML))

        assert bank.disabled

    def test_relative_and_home_paths(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write(tmp_path, "log.yaml", YAML)
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("HOME", str(tmp_path))

        assert apply_external_config("log.yaml") is True
        assert apply_external_config("~/log.yaml") is True


class TestNotApplied:
    @pytest.mark.parametrize(
        ("name", "text", "fault"),
        [
            ("log.yaml", "", "reason=the file is empty"),
            ("log.conf", " \n", "reason=the file is empty"),
            ("log.yaml", "# nothing but this\n", "reason=expected settings as 'key: value', got nothing"),
            ("log.yaml", "- a\n", "reason=expected settings as 'key: value', got a list"),
            ("log.json", '"text"', "reason=expected settings as 'key: value', got a str"),
            ("log.yaml", "a: 1\n---\nb: 2\n", "reason=expected one document, got 2"),
            ("log.yaml", "version: 1\nroot: [\n", "line=3 column=1"),
            ("log.yaml", "version: 1\nversion: 1\n", "line=2 column=1"),
            ("log.json", '{"version": 1,\n "root": }', "reason=Expecting value line=2 column=10"),
            ("log.toml", "version = 1\nroot = {", "line=2 column=9"),
            ("log.yaml", "version: 2\n", "reason=Unsupported version: 2"),
            (
                "log.yaml",
                "handlers: {x: {class: nowhere.Handler}}\n",
                "reason=Unable to configure handler 'x'; Cannot resolve 'nowhere.Handler': "
                "No module named 'nowhere'",
            ),
            ("log.conf", "[loggers]\nkeys = shop\n", "reason=KeyError: 'formatters'"),
            ("log.yaml", "root: {handlers: [absent]}\n", "reason=Unable to configure root logger"),
        ],
    )
    def test_bad_file_warns_where_and_why(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str, text: str, fault: str
    ) -> None:
        file = write(tmp_path, name, text)

        assert apply_external_config(file) is False

        [message] = caplog.messages
        assert message.startswith(f"logging_config_not_applied | file={file} reason=")
        assert fault in message
        assert (caplog.records[0].name, caplog.records[0].levelname) == ("pyfly.logging", "WARNING")

    @pytest.mark.parametrize("name", ["absent.yaml", "absent.conf"])
    def test_missing_file_warns(self, tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str) -> None:
        file = tmp_path / name

        assert apply_external_config(str(file)) is False

        assert caplog.messages == [
            f"logging_config_not_applied | file={file} reason=No such file or directory"
        ]

    def test_folder_warns(self, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
        assert apply_external_config(str(tmp_path)) is False

        assert caplog.messages == [f"logging_config_not_applied | file={tmp_path} reason=Is a directory"]

    @pytest.mark.parametrize("name", ["log.yaml", "log.conf"])
    def test_text_that_is_not_utf8_warns(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str
    ) -> None:
        (tmp_path / name).write_bytes(b"a: \xff\n")

        assert apply_external_config(str(tmp_path / name)) is False

        [message] = caplog.messages
        assert message.startswith("logging_config_not_applied | file=")

    def test_no_path_is_no_file(self, caplog: pytest.LogCaptureFixture) -> None:
        assert apply_external_config("") is False

        assert caplog.messages == []

    def test_yaml_makes_no_objects_of_tags(self, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
        file = write(tmp_path, "log.yaml", "version: !!python/object/apply:os.getcwd []\n")

        assert apply_external_config(file) is False

        assert "line=1" in caplog.messages[0]

    def test_nothing_of_a_bad_file_stays(self, tmp_path: Path) -> None:
        root = logging.getLogger()
        handlers, level = root.handlers[:], root.level
        file = write(tmp_path, "log.yaml", YAML + "root: {level: ERROR, handlers: [absent]}\n")

        apply_external_config(file)

        assert (root.handlers, root.level) == (handlers, level)
        assert logging.getLogger("external.shop").handlers == []
        assert logging.getLogger("external.shop").propagate
