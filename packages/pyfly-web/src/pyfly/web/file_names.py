# SPDX-License-Identifier: Apache-2.0
"""Names of files that came from, or go to, somebody else."""

import re
import unicodedata
from typing import Final
from urllib.parse import quote

FALLBACK_NAME: Final = "file"
MAX_NAME_BYTES: Final = 200
"""The longest safe name in bytes of UTF-8; common file systems take 255."""

_MAX_SUFFIX_BYTES: Final = 24
_SEPARATORS: Final = re.compile(r"[/\\]")
_FORBIDDEN: Final = re.compile(r'[<>:"|?*]')
_SPACES: Final = re.compile(r"\s+")
_DEVICE: Final = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3])\s*(?:\.|$)",
    re.IGNORECASE,
)
_NOT_PLAIN: Final = re.compile(r'[^ -~]|["\\%]')


def safe_file_name(name: str) -> str:
    """Return a name under which a file can be stored in a folder, whatever the given one holds.

    The result is the last part of a path, without control and formatting characters, without characters that
    a common file system refuses, without dots or spaces at its ends, not the name of a device of Windows, and
    at most `MAX_NAME_BYTES` long, its suffix kept. It is never empty, and making it safe again changes
    nothing. Different names may give the same result.

    Args:
        name: The name as it was received.
    """
    base = _SEPARATORS.split(name)[-1]
    visible = "".join(
        " " if character.isspace() else character
        for character in unicodedata.normalize("NFC", base)
        if character.isspace() or unicodedata.category(character)[0] != "C"
    )
    spaced = _SPACES.sub(" ", _FORBIDDEN.sub("_", visible))
    shortened = _shortened(spaced.strip(" ."))
    return f"_{shortened}" if _DEVICE.match(shortened) else shortened or FALLBACK_NAME


def content_disposition(disposition: str, filename: str) -> str:
    """Return the value of a ``Content-Disposition`` header (RFC 6266).

    A name that plain ASCII cannot tell is given twice: as ASCII for old clients, and whole as ``filename*``
    (RFC 8187). Whatever the name holds, the value is one line of ASCII.

    Args:
        disposition: ``attachment`` or ``inline``.
        filename: The name that the client is to show or store.
    """
    name = safe_file_name(filename)
    plain = _NOT_PLAIN.sub("_", unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode())
    if name.isascii() and plain == name:
        return f'{disposition}; filename="{name}"'

    # Nothing of the name is left in ASCII when only its suffix is: ".pdf" would be a hidden file.
    fallback = safe_file_name(plain if plain.strip(" ._") and not plain.startswith(".") else f"file{plain}")
    return f"{disposition}; filename=\"{fallback}\"; filename*=UTF-8''{quote(name, safe='')}"


def _shortened(name: str) -> str:
    if len(name.encode()) <= MAX_NAME_BYTES:
        return name

    stem, dot, suffix = name.rpartition(".")
    if not stem or len(suffix.encode()) > _MAX_SUFFIX_BYTES:
        stem, dot, suffix = name, "", ""

    kept = MAX_NAME_BYTES - len(f"{dot}{suffix}".encode())
    # A character that is cut in two is left out.
    return f"{stem.encode()[:kept].decode(errors='ignore').rstrip(' .')}{dot}{suffix}"
