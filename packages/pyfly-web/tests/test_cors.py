# SPDX-License-Identifier: Apache-2.0
import pickle
from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from pyfly.config.errors import BindingError
from pyfly.config.store import Config
from pyfly.web.cors import CORSConfig, CORSConfigError


def config_of(**settings: Any) -> Config:
    return Config({"pyfly": {"web": {"cors": settings}}})


def test_defaults_allow_every_origin_to_get() -> None:
    config = CORSConfig()

    assert config.allowed_origins == ["*"]
    assert config.allowed_methods == ["GET"]
    assert config.allowed_headers == ["*"]
    assert config.allow_credentials is False
    assert config.exposed_headers == []
    assert config.max_age == 600
    assert config.allowed_origin_patterns == []
    assert config.allow_private_network is False
    assert config.origin_expression is None


def test_it_is_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        CORSConfig().max_age = 1  # type: ignore[misc]


def test_there_is_none_unless_it_is_enabled() -> None:
    assert CORSConfig.from_config(Config({})) is None
    assert CORSConfig.from_config(config_of(**{"allowed-origins": "https://a.example"})) is None
    assert CORSConfig.from_config(config_of(enabled=False)) is None


@pytest.mark.parametrize("truth", [True, "true", "1", "yes", "ON"])
def test_enabled_alone_gives_the_defaults_of_the_keys(truth: object) -> None:
    assert CORSConfig.from_config(config_of(enabled=truth)) == CORSConfig(
        allowed_methods=["GET", "HEAD", "POST"]
    )


@pytest.mark.parametrize(
    "settings",
    [
        {
            "allowed-origins": ["https://a.example", "https://b.example"],
            "allowed-methods": ["get", "PUT"],
            "allowed-headers": ["X-One", "X-Two"],
            "exposed-headers": ["X-Total"],
            "allow-credentials": True,
            "allow-private-network": True,
            "max-age": 0,
        },
        {
            "allowed_origins": "https://a.example, https://b.example",
            "allowed_methods": "get,put",
            "allowed_headers": "X-One,X-Two",
            "exposed_headers": "X-Total",
            "allow_credentials": "yes",
            "allow_private_network": "on",
            "max_age": "0",
        },
    ],
)
def test_every_key_is_read_in_both_spellings_as_list_or_text(settings: dict[str, Any]) -> None:
    assert CORSConfig.from_config(config_of(enabled=True, **settings)) == CORSConfig(
        allowed_origins=["https://a.example", "https://b.example"],
        allowed_methods=["GET", "PUT"],
        allowed_headers=["X-One", "X-Two"],
        exposed_headers=["X-Total"],
        allow_credentials=True,
        allow_private_network=True,
        max_age=0,
    )


@pytest.mark.parametrize(("written", "seconds"), [("10m", 600), ("PT1H", 3600), (0, 0), ("1500ms", 2)])
def test_max_age_takes_durations(written: object, seconds: int) -> None:
    config = CORSConfig.from_config(config_of(enabled=True, **{"max-age": written}))

    assert config is not None
    assert config.max_age == seconds


def test_patterns_take_the_place_of_all_origins() -> None:
    config = CORSConfig.from_config(
        config_of(
            enabled=True, **{"allowed-origin-patterns": "https://*.Example.com", "allow-credentials": True}
        )
    )

    assert config is not None
    assert config.allowed_origins == []
    assert config.allowed_origin_patterns == ["https://*.example.com"]
    assert config.origin_expression is not None


def test_patterns_stand_beside_named_origins() -> None:
    config = CORSConfig(allowed_origins=["https://a.example"], allowed_origin_patterns=["http://localhost:*"])

    assert config.allowed_origins == ["https://a.example"]
    assert config.allowed_origin_patterns == ["http://localhost:*"]


def test_all_origins_with_credentials_are_refused_with_the_keys_and_the_ways_out() -> None:
    with pytest.raises(CORSConfigError) as caught:
        CORSConfig.from_config(config_of(enabled=True, **{"allow-credentials": True}))

    error = caught.value
    assert error.key == "pyfly.web.cors.allowed-origins"
    assert error.description == (
        "pyfly.web.cors.allowed-origins: '*' cannot be combined with pyfly.web.cors.allow-credentials: true, "
        "as every page on the web could act as its visitor"
    )
    assert error.action == (
        "Name the origins in pyfly.web.cors.allowed-origins or pyfly.web.cors.allowed-origin-patterns, "
        "or set pyfly.web.cors.allow-credentials to false."
    )


@pytest.mark.parametrize(
    ("values", "key", "part"),
    [
        ({"allowed_origins": ["null"], "allow_credentials": True}, "allowed-origins", "'null' cannot"),
        (
            {"allowed_origin_patterns": ["https://*"], "allow_credentials": True},
            "allowed-origin-patterns",
            "'https://*' cannot",
        ),
        (
            {"allowed_origins": ["https://a.example"], "exposed_headers": ["*"], "allow_credentials": True},
            "exposed-headers",
            "name of a header",
        ),
        ({"allowed_origins": []}, "allowed-origins", "at least one origin, got none"),
        ({"allowed_origins": ["*", "https://a.example"]}, "allowed-origins", "'*' alone or origins"),
        ({"allowed_origins": ["https://a.example/"]}, "allowed-origins", "goes on after the host"),
        ({"allowed_origin_patterns": ["https://*.com"]}, "allowed-origin-patterns", "whose domain"),
        ({"allowed_methods": ["FETCH"]}, "allowed-methods", "expected HTTP methods, got 'FETCH'"),
        ({"allowed_methods": []}, "allowed-methods", "expected HTTP methods, got none"),
        ({"allowed_headers": ["X One"]}, "allowed-headers", "got 'X One'"),
        ({"exposed_headers": ["X-A\r\nX-B"]}, "exposed-headers", "names of headers"),
        ({"max_age": -1}, "max-age", "expected 0 seconds or more, got -1"),
    ],
)
def test_what_is_wrong_or_unsafe_is_refused(values: dict[str, Any], key: str, part: str) -> None:
    with pytest.raises(CORSConfigError) as caught:
        CORSConfig(**values)

    assert caught.value.key == f"pyfly.web.cors.{key}"
    assert part in caught.value.description
    assert caught.value.action.endswith(".")


def test_error_survives_pickling() -> None:
    error = CORSConfigError("max_age", "expected 0 seconds or more, got -1", "Write 0.")

    copy = pickle.loads(pickle.dumps(error))

    assert (copy.setting, copy.description, copy.action) == (error.setting, error.description, error.action)


def test_star_of_the_methods_means_all_of_them() -> None:
    assert CORSConfig(allowed_methods=["*"]).allowed_methods == [
        "DELETE",
        "GET",
        "HEAD",
        "OPTIONS",
        "PATCH",
        "POST",
        "PUT",
        "QUERY",
    ]


def test_value_of_the_wrong_type_names_its_key() -> None:
    with pytest.raises(BindingError, match=r"pyfly\.web\.cors\.max-age"):
        CORSConfig.from_config(config_of(enabled=True, **{"max-age": "soon"}))
