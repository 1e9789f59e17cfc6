# SPDX-License-Identifier: Apache-2.0
"""Keeping secrets out of the log."""

__all__ = [
    "FieldRedactor",
    "LogRedactor",
    "PresidioRedactor",
    "RedactingTextIO",
    "RedactionFilter",
    "Redactor",
    "RegexRedactor",
    "TextKind",
    "build_redactor",
    "install_stream_redaction",
    "make_structlog_redactor",
]

from pyfly.logging.redaction.engine import (
    LogRedactor,
    PresidioRedactor,
    Redactor,
    RegexRedactor,
    TextKind,
    build_redactor,
)
from pyfly.logging.redaction.fields import FieldRedactor
from pyfly.logging.redaction.processor import RedactionFilter, make_structlog_redactor
from pyfly.logging.redaction.stream import RedactingTextIO, install_stream_redaction
