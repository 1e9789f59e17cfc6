# SPDX-License-Identifier: Apache-2.0
"""What proxies write about a request: ``X-Forwarded-*``, or ``Forwarded`` (RFC 7239)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_X_FOR, _X_PROTO, _X_HOST = b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host"
_FORWARDED = b"forwarded"
_NAMES = frozenset({_X_FOR, _X_PROTO, _X_HOST, _FORWARDED})

# Proxies add to the right: what is further left than this is of no proxy.
_MOST_ELEMENTS = 32
_LARGEST_LINE = 8192

# Many write addresses with a port without the quotes that the RFC demands.
_PAIR = re.compile(
    r"""[ \t]*+ (?: (?P<name>[!#$%&'*+.^_`|~0-9A-Za-z-]++) =
                    (?: "(?P<quoted>(?:[^"\\]|\\.)*+)" | (?P<token>[^ \t",;]++) ) )?+ [ \t]*+
        (?P<end>[;,]|$)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Forwarding:
    """Hold what one proxy says about the request that it got.

    Attributes:
        node: From whom, as it is written; None where it is not said or cannot be read.
        scheme: With which scheme.
        host: With which ``Host``.
    """

    node: str | None = None
    scheme: str | None = None
    host: str | None = None


def read_forwardings(headers: Iterable[tuple[bytes, bytes]]) -> Sequence[Forwarding]:
    """Return what the proxies say, the one that is next to this server last.

    ``Forwarded`` counts only where no ``X-Forwarded-For``, ``-Proto`` or ``-Host`` is there. Never raises.

    Args:
        headers: The headers of a request, the names in lower case.
    """
    found: dict[bytes, list[str]] = {}
    for name, value in headers:
        if name in _NAMES:
            found.setdefault(name, []).append(value.decode("latin-1"))

    if not found:
        return ()

    if found.keys() == {_FORWARDED}:
        return _forwarded(found[_FORWARDED])

    return _x_forwarded(found)


def _x_forwarded(found: Mapping[bytes, Sequence[str]]) -> Sequence[Forwarding]:
    nodes: Sequence[str | None] = _elements(found.get(_X_FOR, ())) or [None]
    schemes = _for_each(len(nodes), _elements(found.get(_X_PROTO, ())))
    hosts = _for_each(len(nodes), _elements(found.get(_X_HOST, ())))
    return [Forwarding(node, scheme, host) for node, scheme, host in zip(nodes, schemes, hosts, strict=True)]


def _for_each(count: int, values: Sequence[str]) -> Sequence[str | None]:
    # A proxy that writes no list tells the same about every hop: what the last one says.
    if len(values) == count:
        return values

    return [values[-1] if values else None] * count


def _elements(lines: Sequence[str]) -> list[str]:
    value = ",".join(lines)
    if not value:
        return []

    return [element.strip(" \t") for element in value.rsplit(",", _MOST_ELEMENTS)[-_MOST_ELEMENTS:]]


def _forwarded(lines: Sequence[str]) -> Sequence[Forwarding]:
    forwardings: list[Forwarding] = []
    for line in lines:
        elements = _parse(line) if len(line) <= _LARGEST_LINE else None
        # A line that cannot be read hides who stands before it, not who stands behind it.
        forwardings.extend([Forwarding()] if elements is None else elements)

    return forwardings[-_MOST_ELEMENTS:]


def _parse(line: str) -> list[Forwarding] | None:
    elements: list[Forwarding] = []
    pairs: dict[str, str] = {}
    position = 0
    while (match := _PAIR.match(line, position)) is not None:
        name = (match["name"] or "").lower()
        if name in pairs:
            return None

        if name:
            quoted = match["quoted"]
            pairs[name] = match["token"] if quoted is None else _ESCAPE.sub(r"\1", quoted)

        if match["end"] != ";" and pairs:
            elements.append(Forwarding(pairs.get("for"), pairs.get("proto"), pairs.get("host")))
            pairs = {}

        if not match["end"]:
            return elements

        position = match.end()

    return None
