# SPDX-License-Identifier: Apache-2.0
"""Origins of web pages, RFC 6454, and patterns for them."""

import re
from typing import Final

__all__ = ["NULL_ORIGIN", "OriginError", "OriginPattern", "parse_origin"]

NULL_ORIGIN: Final = "null"
"""What browsers send for pages without an origin of their own: files, sandboxed frames, some redirects."""

_DEFAULT_PORTS: Final = {"http": "80", "https": "443"}
_SCHEME: Final = r"(?P<scheme>[a-z][a-z0-9+.-]*)://"
_ORIGIN: Final = re.compile(
    _SCHEME + r"(?P<host>[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\])(?::(?P<port>[0-9]{1,5}))?"
)
_PATTERN: Final = re.compile(
    _SCHEME + r"(?P<host>[a-z0-9_*-]+(?:\.[a-z0-9_*-]+)*|\[[0-9a-f:.]+\])(?::(?P<port>[0-9]{1,5}|\*))?"
)
_LABEL_MARKS: Final = "[a-z0-9_-]+"
_LONGEST: Final = 320  # scheme, host name and port; longer texts are not worth a look


class OriginError(ValueError):
    """Report a text that is no origin, or no pattern of origins.

    Attributes:
        text: The text.
        problem: What is wrong with it.
        action: What to write instead.
    """

    def __init__(self, text: str, problem: str, action: str) -> None:
        super().__init__(f"{text!r} {problem}; {action}")
        self.text = text
        self.problem = problem
        self.action = action


def parse_origin(text: str) -> str:
    """Return an origin as browsers send it: in lower case, without the default port of its scheme.

    Raises:
        OriginError: It is no origin: a path, user or wildcard in it, another character, no scheme.
    """
    written = text.strip()
    origin = written.lower()
    if origin == NULL_ORIGIN:
        return origin

    found = _ORIGIN.fullmatch(origin)
    if found is None or not _is_port(found["port"]):
        raise _refusal(written)

    port = found["port"]
    host = f"{found['scheme']}://{found['host']}"
    return host if port is None or _DEFAULT_PORTS.get(found["scheme"]) == port else f"{host}:{int(port)}"


class OriginPattern:
    """A pattern of origins: ``*`` stands for a part of the host or for any port.

    As the whole first label, ``*`` stands for one label or several; within a label, for at least one
    character of it. The last two labels have none: a page of ``https://evilexample.com`` or
    ``https://example.evil.com`` must not pass for one of ``example.com``.

    Args:
        text: The pattern, such as ``https://*.example.com`` or ``http://localhost:*``.

    Attributes:
        text: The pattern in lower case.
        expression: A regular expression that the whole origin must match; its time is linear in the text.
        any_host: Whether every host fits.

    Raises:
        OriginError: It is no pattern.
    """

    __slots__ = ("any_host", "expression", "text")

    def __init__(self, text: str) -> None:
        written = text.strip()
        self.text = written.lower()
        found = _PATTERN.fullmatch(self.text)
        if found is None or (found["port"] != "*" and not _is_port(found["port"])):
            raise _refusal(written)

        scheme, host, port = found["scheme"], found["host"], found["port"]
        self.any_host = host == "*"
        if not self.any_host:
            _check_host(written, host)

        ending = ""
        if port == "*":
            ending = "(?::[0-9]{1,5})?"
        elif port is not None and _DEFAULT_PORTS.get(scheme) != port:
            ending = f":{int(port)}"

        self.expression = f"(?=.{{1,{_LONGEST}}}\\Z){re.escape(scheme)}://{_host_expression(host)}{ending}"

    def matches(self, origin: str) -> bool:
        """Tell whether an origin fits."""
        return re.fullmatch(self.expression, origin) is not None


def _host_expression(host: str) -> str:
    if host.startswith("["):
        return re.escape(host)

    first, *others = host.split(".")
    labels = [_label_expression(label) for label in others]
    if first == "*":
        labels.insert(0, f"{_LABEL_MARKS}(?:\\.{_LABEL_MARKS})*")
    else:
        labels.insert(0, _label_expression(first))

    return "\\.".join(labels)


def _label_expression(label: str) -> str:
    return _LABEL_MARKS.join(re.escape(part) for part in label.split("*"))


def _check_host(text: str, host: str) -> None:
    *others, last = host.split(".")
    if any(label.count("*") > 1 for label in (*others, last)):
        raise OriginError(text, "has several * in one label", "write one")

    free = others if last == "localhost" else others[:-1]
    if "*" in last or any("*" in label for label in others[len(free) :]):
        raise OriginError(
            text, "leaves open whose domain it is", "write the last two labels, as in https://*.example.com"
        )


def _is_port(port: str | None) -> bool:
    return port is None or 0 < int(port) < 65536


def _refusal(text: str) -> OriginError:
    origin = "write scheme and host, as in https://shop.example.com"
    if text == "*":
        return OriginError(text, "is no origin", origin)

    if not text.isascii():
        return OriginError(text, "has characters that browsers encode", "write the host as xn--...")

    if "://" not in text:
        return OriginError(text, "has no scheme", origin)

    scheme, _, rest = text.partition("://")
    host = re.split("[/?#]", rest, maxsplit=1)[0]
    if host != rest:
        return OriginError(text, "goes on after the host", f"write {scheme}://{host}")

    if "@" in rest:
        return OriginError(text, "names a user", f"write {scheme}://{rest.rpartition('@')[2]}")

    if "*" in text:
        return OriginError(
            text, "is no origin", "list it among the patterns, with * in the host or as the port"
        )

    return OriginError(text, "is no origin", origin)
