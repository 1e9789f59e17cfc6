# SPDX-License-Identifier: Apache-2.0
"""What ``pyfly.config.import`` names: ``[optional:][scheme:]location``."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from pyfly.config._masking import MASK, mask_value
from pyfly.config.import_errors import ImportSettingError

IMPORT = "pyfly.config.import"
CONFIG_SERVER = "configserver"
FILE = "file"
TREE = "configtree"

_OPTIONAL = "optional:"
# One letter before a colon is a drive.
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):(.*)", re.DOTALL)
_URL = re.compile(r"https?://", re.IGNORECASE)
_USER = re.compile(r"(://)[^/?#\s:@]+@")


class Location(NamedTuple):
    """One place to import from.

    Attributes:
        scheme: What kind of place it is.
        target: What follows the scheme.
        optional: Whether the application starts without it.
        bare: Whether it is a URL without a scheme of its own before it.
    """

    scheme: str
    target: str
    optional: bool = False
    bare: bool = False

    @property
    def shown(self) -> str:
        """The location as it may be shown."""
        return shown(f"{self.scheme}:{self.target}")


def shown(text: str) -> str:
    """Return ``text`` without the credentials of the URLs within it."""
    return _USER.sub(rf"\g<1>{MASK}@", str(mask_value("location", text)))


def location_of(text: str, key: str, source: str | None) -> Location:
    """Read one location.

    Args:
        text: The location as it is written, placeholders filled in.
        key: The key that names it, for the error.
        source: Where the key is set, for the error.

    Raises:
        ImportSettingError: If it is none.
    """
    rest = text.strip()
    optional = rest.startswith(_OPTIONAL)
    rest = rest.removeprefix(_OPTIONAL).strip()
    if _URL.match(rest):
        return Location(CONFIG_SERVER, rest, optional, bare=True)

    found = _SCHEME.fullmatch(rest)
    scheme, target = (found[1].lower(), found[2].strip()) if found else (FILE, rest)
    if not target and scheme != CONFIG_SERVER:
        raise ImportSettingError(key, "a location such as file:more.yaml", repr(shown(text)), source)

    return Location(scheme, target, optional)


def texts_of(value: Any, key: str, source: str | None) -> Iterator[str]:
    """Return the locations of a setting as they are written, one by one.

    A text may hold several, separated by commas; URLs that follow each other are one location.

    Raises:
        ImportSettingError: If the setting is neither text nor a list of texts.
    """
    for item in value if isinstance(value, list) else _split(value):
        if not isinstance(item, str):
            raise ImportSettingError(key, "a location such as file:more.yaml", shown(repr(item)), source)

        yield item


def _split(value: Any) -> list[Any]:
    if not isinstance(value, str):
        return [] if value is None else [value]

    found: list[str] = []
    for part in filter(None, map(str.strip, value.split(","))):
        names_urls = bool(found) and "://" in found[-1] and _URL.match(part)
        if names_urls:
            found[-1] += f",{part}"
        else:
            found.append(part)

    return found
