# SPDX-License-Identifier: Apache-2.0
"""Asking a running application about itself."""

import json
from base64 import b64encode
from collections.abc import Mapping
from http.client import HTTPException, HTTPMessage
from time import monotonic
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from pyfly.cli.inspection.errors import InspectionError

_ACTUATOR = "/actuator"
_CHUNK = 64 * 1024
_MAX_BYTES = 64 * 1024 * 1024


class ActuatorClient:
    """Read the actuator of one application.

    Args:
        url: Where the application is, with the path below which it is served; ``/actuator`` may be part of
            it. User and password in it are sent as basic authentication.
        timeout: How long one answer may take, in seconds.
        headers: Headers of each request.

    Raises:
        InspectionError: The address is none of HTTP.
    """

    def __init__(self, url: str, *, timeout: float = 10.0, headers: Mapping[str, str] | None = None) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise InspectionError(
                f"--url {url!r} is no address of HTTP.", "Write, for example, --url http://localhost:8000."
            )

        host = parts.netloc.rpartition("@")[2]
        path = parts.path.rstrip("/").removesuffix(_ACTUATOR).rstrip("/")
        self.url = urlunsplit((parts.scheme, host, path, "", ""))
        self._timeout = timeout
        self._headers = {"Accept": "application/json", **(headers or {})}
        if parts.username is not None:
            user = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            self._headers.setdefault("Authorization", f"Basic {b64encode(user.encode()).decode()}")

        self._opener = build_opener(_NoRedirects)

    def get(self, endpoint: str) -> Any:
        """Return what an endpoint answers.

        Args:
            endpoint: Its id, such as ``beans``.

        Raises:
            InspectionError: There is no answer, or none that can be used.
        """
        status, body = self._fetch(f"{self.url}{_ACTUATOR}/{endpoint}")
        if status == 404:
            return self._by_index(endpoint)

        return self._read(f"{self.url}{_ACTUATOR}/{endpoint}", status, body)

    def get_document(self, path: str) -> Any:
        """Return a document that the application serves outside of its actuator.

        Args:
            path: Its path below that of the application, such as ``/openapi.json``.

        Raises:
            InspectionError: There is no answer, or none that can be used.
        """
        status, body = self._fetch(f"{self.url}{path}")
        if status == 404:
            raise InspectionError(
                f"{self.url}{path} is not there.",
                "Add pyfly.web.base-path to the address, and see that the documentation is not switched off"
                " (pyfly.web.docs.enabled).",
            )

        return self._read(f"{self.url}{path}", status, body)

    def _by_index(self, endpoint: str) -> Any:
        """Look for an endpoint in the index of the actuator, which may be at the address itself."""
        for index in (f"{self.url}{_ACTUATOR}", self.url):
            status, body = self._fetch(index)
            links = _links(body) if status == 200 else None
            if links is None:
                continue

            if endpoint not in links:
                served = ", ".join(sorted(set(links) - {"self"})) or "none"
                raise InspectionError(
                    f"The actuator at {index} does not serve {endpoint!r}; it serves: {served}.",
                    "Add it to pyfly.management.endpoints.web.exposure.include of the application.",
                )

            url = urljoin(f"{index}/", str(links[endpoint].get("href", "")))
            if urlsplit(url)[:2] != urlsplit(self.url)[:2]:
                raise InspectionError(
                    f"The index at {index} sends to another origin: {url}.", "Ask that address with --url."
                )

            return self._read(url, *self._fetch(url))

        raise InspectionError(
            f"There is no actuator at {self.url}{_ACTUATOR}.",
            "Give the address of the application with the path it is served below, or that of its management"
            " port; an actuator at another path is found with --url http://host:port/path.",
        )

    def _read(self, url: str, status: int, body: bytes) -> Any:
        if status in (401, 403):
            known = any(name.lower() == "authorization" for name in self._headers)
            given = "is not let in" if known else "is asked who it is"
            raise InspectionError(
                f"{url} answers {status}: the command {given}.",
                "Give what it wants to see, such as --header 'Authorization=Bearer ...'.",
            )

        if 300 <= status < 400:
            raise InspectionError(
                f"{url} answers {status}: it sends elsewhere.", "Ask that address directly with --url."
            )

        if status != 200:
            raise InspectionError(f"{url} answers {status}.", "The log of the application tells more.")

        try:
            return json.loads(body)
        except ValueError:
            raise InspectionError(
                f"{url} does not answer with JSON.", "See that the address is that of a PyFly application."
            ) from None

    def _fetch(self, url: str) -> tuple[int, bytes]:
        ends = monotonic() + self._timeout
        try:
            request = Request(url, headers=self._headers)
            try:
                with self._opener.open(request, timeout=self._timeout) as answer:
                    return answer.status, self._body(answer, ends)
            except HTTPError as error:
                with error:
                    return error.code, b""
        except TimeoutError:
            raise self._late(url) from None
        except URLError as error:
            if isinstance(error.reason, TimeoutError):
                raise self._late(url) from None

            raise _unreachable(url, error.reason) from None
        except (HTTPException, OSError, ValueError) as error:
            raise _unreachable(url, error) from None

    def _body(self, answer: Any, ends: float) -> bytes:
        body = bytearray()
        while chunk := answer.read1(_CHUNK):
            body += chunk
            if monotonic() > ends:
                raise TimeoutError

            if len(body) > _MAX_BYTES:
                raise ValueError(f"the answer is longer than {_MAX_BYTES // 1024**2} MB")

        return bytes(body)

    def _late(self, url: str) -> InspectionError:
        return InspectionError(
            f"{url} does not answer within {self._timeout:g} s.", "Allow for more with --timeout."
        )


class _NoRedirects(HTTPRedirectHandler):
    """Follow no redirect: headers with credentials would go along."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None


def _links(body: bytes) -> Mapping[str, Any] | None:
    try:
        index = json.loads(body)
    except ValueError:
        return None

    links = index.get("_links") if isinstance(index, Mapping) else None
    return links if isinstance(links, Mapping) else None


def _unreachable(url: str, reason: object) -> InspectionError:
    text = getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
    return InspectionError(
        f"{url} cannot be reached: {str(text).rstrip('.')}.",
        "See that the application runs, and that --url has its host and port.",
    )
