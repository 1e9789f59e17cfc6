# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from pyfly.config.store import Config

MASK = "******"


@pytest.mark.parametrize(
    "key",
    [
        "pyfly.security.jwt.secret",
        "db.password",
        "db.PASSWORD",
        "api.token",
        "access_token",
        "api-key",
        "apiKey",
        "private_key",
        "key",
        "client-secret",
        "aws.credentials.id",
        "pwd",
        "http.authorization",
        "session.cookie",
        "sentry.dsn",
        "PYFLY_DB_PASSWORD",
    ],
)
def test_secret_is_hidden(key: str) -> None:
    assert Config().mask_value(key, "value") == MASK


@pytest.mark.parametrize(
    "key", ["token-bucket.rate", "kafka.partition-key", "key.size", "monkey", "tokenizer"]
)
def test_harmless_value_is_shown(key: str) -> None:
    assert Config().mask_value(key, "value") == "value"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("pg://user:pw@host/db", "pg://user:******@host/db"),
        ("redis://:pw@host", "redis://:******@host"),
        ("pg://user:p@w@host", "pg://user:******@host"),
        ("https://host/a@b:c", "https://host/a@b:c"),
        ("Server=db;Password=pw;Port=1", "Server=db;Password=******;Port=1"),
        (8080, 8080),
        (None, None),
    ],
)
def test_password_within_a_value_is_hidden(value: object, shown: object) -> None:
    assert Config().mask_value("db.url", value) == shown


def test_sources_are_shown_highest_first_without_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYFLY_DB_PASSWORD", "pw")
    (tmp_path / "pyfly.yaml").write_text("db: {password: pw, urls: ['pg://u:pw@h'], port: 1}")
    config = Config.from_sources(tmp_path, load_defaults=False)
    config.merge({"x": 1}, name="over")
    name = str(tmp_path / "pyfly.yaml")
    assert config.property_sources() == [
        {
            "name": "systemEnvironment",
            "properties": {"PYFLY_DB_PASSWORD": {"value": MASK, "origin": "System Environment Property"}},
        },
        {"name": "over", "properties": {"x": {"value": 1, "origin": "over"}}},
        {
            "name": name,
            "properties": {
                "db.password": {"value": MASK, "origin": name},
                "db.urls": {"value": ["pg://u:******@h"], "origin": name},
                "db.port": {"value": 1, "origin": name},
            },
        },
    ]


def test_configuration_without_files_is_one_source() -> None:
    assert Config({"a": {"b": 1}}).property_sources() == [
        {"name": "applicationConfig", "properties": {"a.b": {"value": 1, "origin": "applicationConfig"}}}
    ]
