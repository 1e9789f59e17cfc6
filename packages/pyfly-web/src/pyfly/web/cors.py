# SPDX-License-Identifier: Apache-2.0
"""Which pages of other origins may call the application: cross-origin resource sharing, CORS.

The protocol is that of the Fetch standard, https://fetch.spec.whatwg.org/#http-cors-protocol.
"""

import re
from dataclasses import dataclass, field
from typing import Any, Final

from pyfly.config.errors import ConfigurationError
from pyfly.config.properties.cors import CorsProperties
from pyfly.config.store import Config
from pyfly.web.origins import NULL_ORIGIN, OriginError, OriginPattern, parse_origin

__all__ = ["ANY", "CORSConfig", "CORSConfigError"]

ANY: Final = "*"

_PREFIX: Final = "pyfly.web.cors"
_METHODS: Final = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY")
_TOKEN: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


class CORSConfigError(ConfigurationError):
    """Report a set-up of cross-origin requests that is wrong or unsafe.

    Args:
        setting: The field of `CORSConfig` at fault.
        problem: What is wrong with it.
        action: What to do about it.

    Attributes:
        setting: The field.
        key: The configuration key of the field.
    """

    def __init__(self, setting: str, problem: str, action: str) -> None:
        key = _key(setting)
        super().__init__(f"{key}: {problem}", code="CORS_CONFIGURATION")
        self.setting = setting
        self.key = key
        self.problem = problem
        self.action = action

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.setting, self.problem, self.action)


@dataclass(frozen=True)
class CORSConfig:
    """Say which pages of other origins may call the application, and how.

    Origins are kept as browsers send them, methods in upper case.

    Attributes:
        allowed_origins: Origins such as ``https://shop.example.com``; ``*`` for all of them.
        allowed_methods: HTTP methods; ``*`` for all of them.
        allowed_headers: Request headers; ``*`` for all of them.
        allow_credentials: Whether browsers may send cookies and credentials along.
        exposed_headers: Headers of answers that scripts may read, besides those that browsers always show.
        max_age: Seconds for which browsers remember the answer to a preflight; 0 for not at all.
        allowed_origin_patterns: Patterns of origins, see `pyfly.web.origins.OriginPattern`; they take the
            place of ``*`` in ``allowed_origins``.
        allow_private_network: Whether pages of public origins may reach the application in a private network.

    Raises:
        CORSConfigError: A value is no origin, method or header, or the values together are unsafe:
            credentials for every origin.
    """

    allowed_origins: list[str] = field(default_factory=lambda: [ANY])
    allowed_methods: list[str] = field(default_factory=lambda: ["GET"])
    allowed_headers: list[str] = field(default_factory=lambda: [ANY])
    allow_credentials: bool = False
    exposed_headers: list[str] = field(default_factory=list)
    max_age: int = 600
    allowed_origin_patterns: list[str] = field(default_factory=list)
    allow_private_network: bool = False

    def __post_init__(self) -> None:
        patterns = _patterns(self.allowed_origin_patterns)
        origins = _origins(self.allowed_origins, with_patterns=bool(patterns))
        methods = _methods(self.allowed_methods)
        _check_headers("allowed_headers", self.allowed_headers)
        _check_headers("exposed_headers", self.exposed_headers)
        if not origins and not patterns:
            raise CORSConfigError(
                "allowed_origins",
                "expected at least one origin, got none",
                f"Name the origins, or set {_key('enabled')} to false.",
            )

        if self.max_age < 0:
            raise CORSConfigError(
                "max_age",
                f"expected 0 seconds or more, got {self.max_age}",
                "Write 0 if browsers are to ask each time.",
            )

        if self.allow_credentials:
            _check_credentials(origins, patterns, self.exposed_headers)

        object.__setattr__(self, "allowed_origins", origins)
        object.__setattr__(self, "allowed_origin_patterns", [pattern.text for pattern in patterns])
        object.__setattr__(self, "allowed_methods", methods)

    @classmethod
    def from_config(cls, config: Config) -> "CORSConfig | None":
        """Read ``pyfly.web.cors.*``.

        Returns:
            The set-up, or ``None`` unless ``pyfly.web.cors.enabled`` is true.

        Raises:
            ConfigurationError: A value cannot be read, or `CORSConfig` refuses it.
        """
        properties = config.bind(CorsProperties)
        if not properties.enabled:
            return None

        return cls(
            allowed_origins=properties.allowed_origins,
            allowed_methods=properties.allowed_methods,
            allowed_headers=properties.allowed_headers,
            allow_credentials=properties.allow_credentials,
            exposed_headers=properties.exposed_headers,
            max_age=int(properties.max_age),  # type: ignore[arg-type]  # a duration has become seconds
            allowed_origin_patterns=properties.allowed_origin_patterns,
            allow_private_network=properties.allow_private_network,
        )

    @property
    def origin_expression(self) -> str | None:
        """A regular expression for the whole of an origin that one of the patterns allows, if any."""
        if not self.allowed_origin_patterns:
            return None

        return "|".join(OriginPattern(pattern).expression for pattern in self.allowed_origin_patterns)


def _origins(texts: list[str], *, with_patterns: bool) -> list[str]:
    if ANY in texts:
        return [] if with_patterns and len(texts) == 1 else _without_others(texts)

    try:
        return list(dict.fromkeys(parse_origin(text) for text in texts))
    except OriginError as error:
        raise _refused("allowed_origins", error) from None


def _without_others(texts: list[str]) -> list[str]:
    if len(texts) > 1:
        raise CORSConfigError(
            "allowed_origins",
            f"expected '*' alone or origins, got {texts}",
            "Remove '*' to allow the others only, or the others to allow all origins.",
        )

    return [ANY]


def _patterns(texts: list[str]) -> list[OriginPattern]:
    try:
        return [OriginPattern(text) for text in texts]
    except OriginError as error:
        raise _refused("allowed_origin_patterns", error) from None


def _refused(setting: str, error: OriginError) -> CORSConfigError:
    return CORSConfigError(
        setting, f"{error.text!r} {error.problem}", error.action[:1].upper() + error.action[1:] + "."
    )


def _methods(texts: list[str]) -> list[str]:
    methods = list(dict.fromkeys(text.strip().upper() for text in texts))
    unknown = [method for method in methods if method != ANY and method not in _METHODS]
    if unknown or not methods:
        got = repr(unknown[0]) if unknown else "none"
        raise CORSConfigError(
            "allowed_methods",
            f"expected HTTP methods, got {got}",
            f"Choose among {', '.join(_METHODS)}, or write '*' for all of them.",
        )

    return list(_METHODS) if ANY in methods else methods


def _check_headers(setting: str, names: list[str]) -> None:
    for name in names:
        if not _TOKEN.fullmatch(name):
            raise CORSConfigError(
                setting, f"expected names of headers, got {name!r}", "Write names such as X-Total-Count."
            )


def _check_credentials(origins: list[str], patterns: list[OriginPattern], exposed_headers: list[str]) -> None:
    credentials = _key("allow_credentials")
    way_out = f"Name the origins that may use credentials, or set {credentials} to false."
    if ANY in origins:
        raise CORSConfigError(
            "allowed_origins",
            f"'*' cannot be combined with {credentials}: true, as every page on the web could act as its "
            "visitor",
            f"Name the origins in {_key('allowed_origins')} or {_key('allowed_origin_patterns')}, "
            f"or set {credentials} to false.",
        )

    if NULL_ORIGIN in origins:
        raise CORSConfigError(
            "allowed_origins",
            f"'null' cannot be combined with {credentials}: true, as any page can make a frame whose origin "
            "is null",
            way_out,
        )

    for pattern in patterns:
        if pattern.any_host:
            raise CORSConfigError(
                "allowed_origin_patterns",
                f"{pattern.text!r} cannot be combined with {credentials}: true, as every page of that scheme "
                "could act as its visitor",
                way_out,
            )

    if ANY in exposed_headers:
        raise CORSConfigError(
            "exposed_headers",
            f"browsers take '*' for the name of a header where {credentials} is true",
            "List the headers.",
        )


def _key(setting: str) -> str:
    return f"{_PREFIX}.{setting.replace('_', '-')}"
