# SPDX-License-Identifier: Apache-2.0
"""What is checked of every request before anything else: its URL, its headers and its host."""

import sys
from collections.abc import Callable, Mapping
from typing import Any, Final

from pyfly.config.errors import ConfigurationError
from pyfly.config.properties.request_limits import RequestLimitProperties
from pyfly.kernel.exceptions import BusinessException, InvalidRequestException, PyFlyException
from pyfly.kernel.types import ErrorCategory
from pyfly.web.hosts import HostPatterns, parse_host

__all__ = [
    "HeadCheck",
    "HeadersTooLargeException",
    "InvalidHostException",
    "UrlTooLongException",
    "compile_head_check",
]

HeadCheck = Callable[[Mapping[str, Any]], PyFlyException | None]
"""Takes an ASGI scope of type ``http`` or ``websocket``, and gives the error to answer with, or ``None``."""

_MOST_KNOWN_HOSTS: Final = 1024


class UrlTooLongException(BusinessException):
    """Report a path and query that are longer than allowed."""

    http_status = 414
    category = ErrorCategory.VALIDATION


class HeadersTooLargeException(BusinessException):
    """Report headers that are too many or too large."""

    http_status = 431
    category = ErrorCategory.VALIDATION


class InvalidHostException(InvalidRequestException):
    """Report a request whose host is malformed, or is none that the application answers for."""


def compile_head_check(properties: RequestLimitProperties) -> HeadCheck:
    """Return the function that checks what comes before the body of a request.

    A malformed ``Host`` header is refused whatever the settings are: applications build links, cache keys and
    redirects from it. A request without one is taken unless there are allowed hosts.

    Args:
        properties: The limits.

    Raises:
        ConfigurationError: An allowed host is no host and no pattern of hosts.
    """
    most_headers = properties.max_header_count or sys.maxsize
    largest_headers = properties.max_header_size or sys.maxsize
    longest_url = properties.max_url_length or sys.maxsize
    hosts = _host_patterns(properties.allowed_hosts)
    known_hosts: set[bytes | None] = set() if hosts else {None, b""}

    def check_request_head(scope: Mapping[str, Any]) -> PyFlyException | None:
        headers = scope["headers"]
        size = 0
        host: bytes | None = None
        for name, value in headers:
            size += len(name) + len(value)
            if name == b"host":
                if host is not None:
                    return InvalidHostException("There are several Host headers.", "INVALID_HOST")

                host = value

        if size > largest_headers or len(headers) > most_headers:
            return _headers_too_large(size, len(headers), largest_headers, most_headers)

        if len(scope.get("raw_path") or scope["path"]) + len(scope["query_string"]) > longest_url:
            return UrlTooLongException(f"Path and query are longer than {longest_url} bytes.", "URL_TOO_LONG")

        if host not in known_hosts:
            refusal = _refusal_of(host, hosts)
            if refusal is not None:
                return refusal

            # Hosts that clients make up must not fill the memory.
            if len(known_hosts) >= _MOST_KNOWN_HOSTS:
                known_hosts.clear()

            known_hosts.add(host)

        return None

    return check_request_head


def _host_patterns(allowed: list[str]) -> HostPatterns | None:
    try:
        return HostPatterns(allowed) if allowed else None
    except ValueError as error:
        raise ConfigurationError(
            f"pyfly.web.limits.allowed-hosts: {error}", code="INVALID_ALLOWED_HOST"
        ) from None


def _headers_too_large(size: int, count: int, largest: int, most: int) -> HeadersTooLargeException:
    text = f"The headers are larger than {int(largest)} bytes."
    if size <= largest:
        text = f"There are more than {most} headers, {count}."

    return HeadersTooLargeException(text, "HEADERS_TOO_LARGE")


def _refusal_of(host: bytes | None, allowed: HostPatterns | None) -> PyFlyException | None:
    if not host:
        return (
            None if allowed is None else InvalidHostException("The Host header is missing.", "INVALID_HOST")
        )

    parsed = parse_host(str(host, "latin-1"))
    if parsed is None:
        return InvalidHostException("The Host header is malformed.", "INVALID_HOST")

    if allowed is not None and not allowed.allow(*parsed):
        return InvalidHostException("The application does not answer for this host.", "INVALID_HOST")

    return None
