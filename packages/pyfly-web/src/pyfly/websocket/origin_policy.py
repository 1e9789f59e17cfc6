# SPDX-License-Identifier: Apache-2.0
"""Which web pages may open a WebSocket."""

from collections.abc import Iterable

from pyfly.config.errors import ConfigurationError
from pyfly.web.origins import OriginError, parse_origin

__all__ = ["OriginPolicy"]


class OriginPolicy:
    """Decide by the ``Origin`` header of a handshake, which browsers send and pages cannot forge.

    Clients that are no browsers send none, and may connect: the header protects users from pages, not the
    service from clients. A page of the service itself may always connect: its host and port are those of the
    ``Host`` header. Its scheme counts only where this side knows of TLS, which a proxy may have taken off.

    Args:
        allowed: Further origins, such as ``https://shop.example.com``; ``*`` for all.

    Raises:
        ConfigurationError: One of them is no origin.
    """

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        texts = [text.strip() for text in allowed]
        self._any = "*" in texts
        try:
            self._allowed = frozenset(parse_origin(text) for text in texts if text != "*")
        except OriginError as error:
            raise ConfigurationError(f"pyfly.websocket.allowed-origins: {error}") from None

    def allows(self, origin: str | None, *, host: str | None, secure: bool) -> bool:
        """Tell whether a page may connect.

        Args:
            origin: The header ``Origin``.
            host: The header ``Host``.
            secure: Whether the connection is known to use TLS.
        """
        if origin is None or self._any:
            return True

        try:
            page = parse_origin(origin)
        except OriginError:
            return False

        return page in self._allowed or _is_own(page, host, secure)


def _is_own(page: str, host: str | None, secure: bool) -> bool:
    scheme, separator, _ = page.partition("://")
    if not separator or not host or scheme not in ("http", "https") or (secure and scheme != "https"):
        return False

    try:
        return page == parse_origin(f"{scheme}://{host}")
    except OriginError:
        return False
