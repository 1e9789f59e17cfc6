# SPDX-License-Identifier: Apache-2.0
"""The server adapter of Uvicorn."""

from typing import Final

from pyfly.server.adapter import EngineServerAdapter
from pyfly.server.engine import EngineSettings, ServerEngine
from pyfly.server.exceptions import RefusedSettingError

__all__ = ["UvicornServerAdapter"]

_ALTERNATIVES: Final = {
    "2": "Use auto or 1, or a server that has it (granian, hypercorn).",
    "3": "Use auto or 1, or a server that has it (hypercorn).",
}


class UvicornServerAdapter(EngineServerAdapter):
    """Serve on Uvicorn, with HTTP/1. Uvicorn itself is imported when it is asked to serve."""

    name = "uvicorn"
    library = "uvicorn"

    def protocols(self, settings: EngineSettings) -> str:
        """Return what is offered: ``h1``.

        Raises:
            RefusedSettingError: Another version of HTTP is asked for.
        """
        action = _ALTERNATIVES.get(settings.http)
        if action is not None:
            raise RefusedSettingError(
                "pyfly.server.http",
                settings.http,
                server=self.name,
                reason=f"Uvicorn has no HTTP/{settings.http}.",
                action=action,
            )

        return "h1"

    def create_engine(self, settings: EngineSettings) -> ServerEngine:
        """Import Uvicorn and make its engine."""
        from pyfly.server.adapters.uvicorn.engine import UvicornEngine

        return UvicornEngine(settings)
