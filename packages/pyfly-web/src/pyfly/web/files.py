# SPDX-License-Identifier: Apache-2.0
"""Files as answers."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

_MEDIA_TYPE: Final = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+*-]+(?:\s*;[ -~]*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class FileResult:
    """A file that a handler answers with.

    The answer has the file's length, date and entity tag; ranges and conditions of the request are honoured
    (RFC 9110). A file that does not exist is answered with 404. A handler may also return a plain
    `pathlib.Path`: then the answer says nothing about a name, and browsers show what they can.

    Attributes:
        path: The file.
        media_type: Its media type; ``None`` to guess it by the name.
        filename: The name that the client is told, made safe; ``None`` for that of the file.
        disposition: Whether a browser stores the file (``attachment``) or shows it (``inline``).
    """

    path: str | Path
    media_type: str | None = None
    filename: str | None = None
    disposition: Literal["attachment", "inline"] = "attachment"

    def __post_init__(self) -> None:
        """Refuse what cannot stand in a header.

        Raises:
            ValueError: The media type or the disposition is none.
        """
        if self.media_type is not None and _MEDIA_TYPE.fullmatch(self.media_type) is None:
            raise ValueError(
                f"FileResult(media_type=...): expected a media type such as text/csv, got {self.media_type!r}"
            )

        if self.disposition not in ("attachment", "inline"):
            raise ValueError(
                f"FileResult(disposition=...): expected 'attachment' or 'inline', got {self.disposition!r}"
            )
