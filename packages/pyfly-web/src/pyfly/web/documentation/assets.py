# SPDX-License-Identifier: Apache-2.0
"""The files that the documentation pages load."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from types import MappingProxyType
from typing import Final

_SCRIPT: Final = "text/javascript; charset=utf-8"
_STYLE: Final = "text/css; charset=utf-8"
_FILES: Final = (
    ("swagger-ui/swagger-ui-bundle.js", _SCRIPT),
    ("swagger-ui/swagger-ui.css", _STYLE),
    ("swagger-ui/favicon-32x32.png", "image/png"),
    ("swagger-ui/oauth2-redirect.html", "text/html; charset=utf-8"),
    ("swagger-ui/oauth2-redirect.js", _SCRIPT),
    ("redoc/redoc.standalone.js", _SCRIPT),
    ("pages/swagger-ui-init.js", _SCRIPT),
    ("pages/redoc-init.js", _SCRIPT),
    ("pages/page.css", _STYLE),
)


@dataclass(frozen=True, slots=True)
class Asset:
    """One file.

    Attributes:
        name: Its name, the last part of its address.
        media_type: Its media type.
        content: The content.
        version: Changes with the content; it is in the addresses that pages use.
    """

    name: str
    media_type: str
    content: bytes
    version: str


@cache
def documentation_assets() -> Mapping[str, Asset]:
    """Return all files by name: these, and nothing else, can be asked for.

    The first call reads some megabytes from disk.
    """
    folder = files("pyfly.web.documentation") / "static"
    assets = {}
    for path, media_type in _FILES:
        content = folder.joinpath(path).read_bytes()
        name = path.rpartition("/")[2]
        assets[name] = Asset(name, media_type, content, sha256(content).hexdigest()[:16])

    return MappingProxyType(assets)
