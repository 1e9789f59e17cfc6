# SPDX-License-Identifier: Apache-2.0
"""A configuration file for Python's own logging, ``pyfly.logging.config``."""

import json
import logging
import os
from collections.abc import Mapping
from typing import Any

from pyfly.config.errors import MalformedSourceError
from pyfly.logging._logger_states import logger_states, restore_loggers
from pyfly.logging.structured_logger import StructuredLogger

__all__ = ["apply_external_config"]

_MAPPINGS = (".yaml", ".yml", ".json", ".toml")


def apply_external_config(path: str) -> bool:
    """Set Python's logging up from a file.

    ``.yaml``, ``.yml``, ``.json`` and ``.toml`` hold what ``logging.config.dictConfig`` takes, of version 1
    unless they say otherwise; anything else is what ``logging.config.fileConfig`` takes. Loggers that exist
    stay enabled unless the file says ``disable_existing_loggers: true``.

    The file decides which classes are imported and called, as Python's logging has it. It must come from
    those who may also change the code.

    Args:
        path: The file; empty for none.

    Returns:
        Whether the file was applied. When it is missing, empty or wrong, loggers are as they were before, and
        a warning on the logger ``pyfly.logging`` says where and why.
    """
    if not path.strip():
        return False

    file = os.path.abspath(os.path.expanduser(path.strip()))
    before = logger_states()
    try:
        _apply(file)
    except MalformedSourceError as failure:
        place = {} if failure.line is None else {"line": failure.line, "column": failure.column}
        _warn(file, failure.reason, **place)
    except Exception as failure:
        # Whatever a file can get wrong: its classes are imported and called. Half of it may have been done.
        restore_loggers(before)
        _warn(file, _reason(failure))
    else:
        return True

    return False


def _apply(file: str) -> None:
    # Most applications have no such file.
    import logging.config

    with open(file, "rb") as stream:
        content = stream.read()

    if not content.strip():
        raise MalformedSourceError(file, "the file is empty")

    suffix = os.path.splitext(file)[1].lower()
    if suffix in _MAPPINGS:
        logging.config.dictConfig(
            {"version": 1, "disable_existing_loggers": False, **_mapping(file, suffix, content)}
        )
    else:
        logging.config.fileConfig(file, disable_existing_loggers=False, encoding="utf-8-sig")


def _mapping(file: str, suffix: str, content: bytes) -> Mapping[str, Any]:
    # The parsers cost more to import than most applications need.
    from pyfly.config._sources.files import decode

    text = decode(content, file)
    if suffix == ".json":
        document = _json(text, file)
    elif suffix == ".toml":
        from pyfly.config._sources.toml import read_toml

        document, _ = read_toml(text, file)
    else:
        document = _yaml(text, file)

    if not isinstance(document, Mapping):
        kind = "nothing" if document is None else f"a {type(document).__name__}"
        raise MalformedSourceError(file, f"expected settings as 'key: value', got {kind}")

    return document


def _yaml(text: str, file: str) -> Any:
    from pyfly.config._sources.yaml import read_yaml

    documents = read_yaml(text, file)
    if len(documents) > 1:
        raise MalformedSourceError(file, f"expected one document, got {len(documents)}")

    return documents[0][0] if documents else None


def _json(text: str, file: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as failure:
        raise MalformedSourceError(file, failure.msg, failure.lineno, failure.colno) from failure


def _reason(failure: BaseException) -> str:
    """Tell a failure with its causes: that of ``dictConfig`` alone only names the handler."""
    if isinstance(failure, OSError) and failure.strerror:
        return failure.strerror

    texts = []
    link: BaseException | None = failure
    while link is not None:
        texts.append(
            str(link) if isinstance(link, ValueError) and str(link) else f"{type(link).__name__}: {link}"
        )
        link = link.__cause__

    return "; ".join(texts)


def _warn(file: str, reason: str, **place: int | None) -> None:
    StructuredLogger(logging.getLogger("pyfly.logging")).warning(
        "logging_config_not_applied", file=file, reason=reason, **place
    )
