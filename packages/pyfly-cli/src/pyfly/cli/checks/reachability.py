# SPDX-License-Identifier: Apache-2.0
"""Check that the brokers, databases and servers that the configuration names accept connections."""

import socket
import time
from collections.abc import Iterator, Mapping
from functools import partial
from typing import NamedTuple
from urllib.parse import urlsplit

from pyfly.cli.checks.deadline import Deadlined
from pyfly.cli.checks.result import CheckResult, State, failure_of
from pyfly.config.store import Config

SECONDS = 2.0
"""How long a connection may take."""

# What is connected to, by key, and the port that stands for none.
_KEYS: Mapping[str, tuple[str, int | None]] = {
    "pyfly.cache.redis.url": ("Cache", None),
    "pyfly.cloud.config.uri": ("Configuration server", None),
    "pyfly.data.document.uri": ("Database", None),
    "pyfly.data.relational.url": ("Database", None),
    "pyfly.eda.kafka.bootstrap-servers": ("Broker", 9092),
    "pyfly.eda.rabbitmq.url": ("Broker", None),
    "pyfly.messaging.kafka.bootstrap-servers": ("Broker", 9092),
    "pyfly.messaging.rabbitmq.url": ("Broker", None),
}
_PORTS = {
    "amqp": 5672,
    "amqps": 5671,
    "http": 80,
    "https": 443,
    "mariadb": 3306,
    "mongodb": 27017,
    "mysql": 3306,
    "postgres": 5432,
    "postgresql": 5432,
    "redis": 6379,
    "rediss": 6379,
}
_DEFAULTS = "pyfly-defaults.yaml"


class _Place(NamedTuple):
    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def check_reachability(config: Config) -> Iterator[CheckResult]:
    """Connect to what the configuration names, all at once; nothing is sent.

    A key that is not set, or only by the defaults of a distribution, is left alone, and so is a value that is
    no address of a host, such as that of a database in a file.

    Args:
        config: The configuration.
    """
    connections: dict[str, dict[_Place, Deadlined[None]]] = {}
    for key in _KEYS:
        try:
            places = _places(config, key)
        except Exception as error:
            yield failure_of(_KEYS[key][0], error)
            continue

        if places:
            connections[key] = {place: Deadlined(partial(_connect, place)) for place in places}

    end = time.monotonic() + SECONDS + 0.5
    for key, attempts in connections.items():
        yield _result(key, attempts, end)


def _connect(place: _Place) -> None:
    socket.create_connection(place, SECONDS).close()


def _result(key: str, attempts: Mapping[_Place, Deadlined[None]], end: float) -> CheckResult:
    check = _KEYS[key][0]
    failures: list[str] = []
    for place, attempt in attempts.items():
        try:
            attempt.result(end - time.monotonic())
        except (OSError, UnicodeError) as error:
            told = getattr(error, "strerror", None) or str(error)
            reason = "no answer" if isinstance(error, TimeoutError) else told
            failures.append(f"{place}: {reason}")

    names = ", ".join(map(str, attempts))
    if not failures:
        return CheckResult(check, "ok", f"{names} ({key}) accepts connections")

    # The members of a cluster stand in for each other.
    state: State = "failure" if len(failures) == len(attempts) else "warning"
    advice = f"Start what listens there, or correct {key}."
    return CheckResult(check, state, f"{'; '.join(failures)} ({key})", advice)


def _places(config: Config, key: str) -> list[_Place]:
    value = config.get(key)
    if value is None or (config.origin(key) or "").startswith(_DEFAULTS):
        return []

    default = _KEYS[key][1]
    texts = value if isinstance(value, list) else [value]
    return list(dict.fromkeys(it for text in texts for it in _places_in(str(text), default)))


def _places_in(text: str, default: int | None) -> Iterator[_Place]:
    for part in filter(None, map(str.strip, _spread(text))):
        url = urlsplit(part if "://" in part else f"//{part}")
        # postgresql+asyncpg is PostgreSQL, whatever speaks to it; mongodb+srv is a name that DNS resolves.
        scheme = "" if url.scheme.endswith("+srv") else url.scheme.partition("+")[0]
        port = url.port or _PORTS.get(scheme, default)
        if url.hostname and port:
            yield _Place(url.hostname, port)


def _spread(text: str) -> list[str]:
    """Return one text for each host: of a list of URLs, or of a URL with several hosts."""
    scheme, separator, rest = text.partition("://")
    if "://" in rest or not separator:
        return text.split(",")

    authority = rest.partition("/")[0].partition("?")[0].rpartition("@")[2]
    return [f"{scheme}://{host}" for host in authority.split(",")]
