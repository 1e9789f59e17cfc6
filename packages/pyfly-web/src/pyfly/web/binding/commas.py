# SPDX-License-Identifier: Apache-2.0
"""Several elements in one text."""

from collections.abc import Iterable
from typing import Annotated, Any, get_args, get_origin

from pyfly.web.params import CommaSeparated


def is_comma_separated(hint: Any) -> bool:
    """Tell whether a hint carries `CommaSeparated`, the class or an instance of it."""
    return get_origin(hint) is Annotated and any(map(is_comma_mark, get_args(hint)[1:]))


def is_comma_mark(metadata: Any) -> bool:
    """Tell whether one piece of metadata is `CommaSeparated`, the class or an instance of it."""
    return metadata is CommaSeparated or isinstance(metadata, CommaSeparated)


def comma_parts(texts: Iterable[str]) -> list[str]:
    """Return the elements of all texts, without blanks around them; empty ones are left out."""
    return [part for text in texts for piece in text.split(",") if (part := piece.strip())]
