# SPDX-License-Identifier: Apache-2.0
"""Static files from a folder, ``pyfly.web.static.*``."""

import os
from collections.abc import Sequence
from pathlib import Path

from pyfly.config.errors import ConfigurationError
from pyfly.config.properties.web_static import StaticFilesProperties
from pyfly.config.properties.web_stream import StreamProperties
from pyfly.context.application_context import ApplicationContext
from pyfly.web.adapters.starlette.files import answer_for, guess_media_type
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_PUBLIC_IN_SPITE_OF_ITS_DOT = ".well-known"


class ConfiguredStaticFiles(StaticFiles):
    """The static files of Starlette, as configured: without hidden ones, and with ``Cache-Control``.

    Args:
        directory: The folder.
        properties: How its files are served.
        send_timeout: How long a client may take to accept a piece, in seconds.
    """

    def __init__(self, directory: Path, properties: StaticFilesProperties, send_timeout: float) -> None:
        super().__init__(directory=directory, html=properties.html, follow_symlink=properties.follow_symlinks)
        self._send_timeout = send_timeout
        self._hidden = properties.hidden
        self._headers = {"cache-control": properties.cache_control} if properties.cache_control else {}

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer a request for a path, given relative to the folder."""
        if not self._hidden and _is_hidden(path):
            raise HTTPException(404)

        return await super().get_response(path, scope)

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """Answer with a file."""
        media_type = guess_media_type(os.path.basename(full_path))
        return answer_for(
            full_path,
            stat_result,
            scope,
            status_code,
            media_type,
            dict(self._headers),
            self._send_timeout,
        )


def static_routes(context: ApplicationContext, base_path: str) -> Sequence[BaseRoute]:
    """Return the route of the static files, if a folder is configured.

    Args:
        context: Where the configuration is.
        base_path: What all paths of the application begin with.

    Raises:
        ConfigurationError: The folder does not exist.
    """
    properties = context.config.bind(StaticFilesProperties)
    if properties.directory is None:
        return ()

    directory = Path(properties.directory).absolute()
    if not directory.is_dir():
        raise ConfigurationError(
            f"pyfly.web.static.directory: expected an existing folder, got {properties.directory!r}, which is"
            f" {directory} here"
        )

    path = f"{base_path.rstrip('/')}{properties.path.rstrip('/')}"
    send_timeout = context.config.bind(StreamProperties).send_timeout.total_seconds()
    files = ConfiguredStaticFiles(directory, properties, send_timeout)
    return (Mount(path, app=files, name="static"),)


def _is_hidden(path: str) -> bool:
    parts = Path(path).parts
    shown = parts[1:] if parts[:1] == (_PUBLIC_IN_SPITE_OF_ITS_DOT,) else parts
    return any(part.startswith(".") and part != "." for part in shown)
