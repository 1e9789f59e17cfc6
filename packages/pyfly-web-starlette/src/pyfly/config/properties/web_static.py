# SPDX-License-Identifier: Apache-2.0
"""The settings of static files, ``pyfly.web.static.*``."""

from dataclasses import dataclass

from pyfly.config.binding import config_properties


@config_properties(prefix="pyfly.web.static")
@dataclass
class StaticFilesProperties:
    """Serve the files of a folder as they are.

    Attributes:
        directory: The folder; None to serve none. A relative one is looked up where the process runs.
        path: Beginning of their paths, below ``pyfly.web.base-path``.
        cache_control: Value of ``Cache-Control``; empty to leave the header out.
        html: Whether a folder is answered with its ``index.html``, and what is missing with ``404.html``.
        follow_symlinks: Whether symbolic links may lead out of the folder.
        hidden: Whether files and folders are served whose names begin with a dot; ``.well-known`` always is.
    """

    directory: str | None = None
    path: str = "/static"
    cache_control: str = ""
    html: bool = False
    follow_symlinks: bool = False
    hidden: bool = False

    def __post_init__(self) -> None:
        """Refuse what no path can begin with, and what cannot stand in a header."""
        if not self.path.startswith("/") or any(character in self.path for character in "{}?# "):
            raise ValueError(f"path: expected a plain path such as /static, got {self.path!r}")

        if not (self.cache_control.isascii() and self.cache_control.isprintable()):
            raise ValueError(f"cache-control: expected one line of ASCII, got {self.cache_control!r}")
