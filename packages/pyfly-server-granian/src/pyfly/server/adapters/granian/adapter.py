# SPDX-License-Identifier: Apache-2.0
"""The server adapter of Granian."""

from pyfly.server.adapter import EngineServerAdapter
from pyfly.server.adapters.granian.refusals import refuse_what_granian_cannot_do
from pyfly.server.engine import EngineSettings, ServerEngine

__all__ = ["GranianServerAdapter"]

_PROTOCOLS = {"auto": "h1+h2", "1": "h1", "2": "h2"}


class GranianServerAdapter(EngineServerAdapter):
    """Serve on Granian, with HTTP/1 and HTTP/2. Granian itself is imported when it is asked to serve."""

    name = "granian"
    library = "granian"

    def protocols(self, settings: EngineSettings) -> str:
        """Return what is offered: ``h1+h2``, ``h1`` or ``h2``.

        Raises:
            RefusedSettingError: Granian cannot honour a setting.
        """
        refuse_what_granian_cannot_do(settings)
        return _PROTOCOLS[settings.http]

    def create_engine(self, settings: EngineSettings) -> ServerEngine:
        """Import Granian and make its engine."""
        from pyfly.server.adapters.granian.engine import GranianEngine

        return GranianEngine(settings)
