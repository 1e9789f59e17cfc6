# SPDX-License-Identifier: Apache-2.0
"""The server adapter of Hypercorn."""

from importlib.util import find_spec
from typing import Final

from pyfly.server.adapter import EngineServerAdapter
from pyfly.server.engine import EngineSettings, ServerEngine
from pyfly.server.exceptions import RefusedSettingError

__all__ = ["HypercornServerAdapter"]

_PROTOCOLS: Final = {"auto": "h1+h2", "1": "h1", "2": "h2", "3": "h1+h2+h3"}


class HypercornServerAdapter(EngineServerAdapter):
    """Serve on Hypercorn, with HTTP/1, 2 and 3. Hypercorn itself is imported when it is asked to serve."""

    name = "hypercorn"
    library = "hypercorn"

    def protocols(self, settings: EngineSettings) -> str:
        """Return what is offered: ``h1+h2``, ``h1``, ``h2`` or ``h1+h2+h3``.

        Raises:
            RefusedSettingError: HTTP/3 is asked for, and something that it needs is missing.
        """
        if settings.http == "3":
            self._refuse_without_quic(settings)

        return _PROTOCOLS[settings.http]

    def create_engine(self, settings: EngineSettings) -> ServerEngine:
        """Import Hypercorn and make its engine."""
        from pyfly.server.adapters.hypercorn.engine import HypercornEngine

        return HypercornEngine(settings)

    def _refuse_without_quic(self, settings: EngineSettings) -> None:
        reason = None
        if find_spec("aioquic") is None:
            reason = "HTTP/3 needs aioquic, which is not installed."
            action = 'Install it: pip install "pyfly-server-hypercorn[h3]".'
        elif settings.tls is None:
            reason = "HTTP/3 needs TLS."
            action = "Set pyfly.server.ssl-certfile and pyfly.server.ssl-keyfile."
        elif settings.tls.client_auth != "none":
            reason = "over HTTP/3 no client can be asked for a certificate."
            action = "Use auto, 1 or 2, or set pyfly.server.ssl-client-auth: none."

        if reason is not None:
            raise RefusedSettingError(
                "pyfly.server.http", settings.http, server=self.name, reason=reason, action=action
            )
