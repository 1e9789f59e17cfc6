# SPDX-License-Identifier: Apache-2.0
"""Engines that find secrets in texts, and the choice of one."""

import logging

from pyfly.config.properties.logging import RedactionProperties
from pyfly.logging.redaction._port import LogRedactor, Redactor, TextKind
from pyfly.logging.redaction._presidio import Analyzer, Finding, PresidioRedactor, presidio_is_installed
from pyfly.logging.redaction._regex import RegexRedactor
from pyfly.logging.structured_logger import StructuredLogger

__all__ = [
    "Analyzer",
    "Finding",
    "LogRedactor",
    "PresidioRedactor",
    "Redactor",
    "RegexRedactor",
    "TextKind",
    "build_redactor",
]

_ENGINES = ("auto", "regex", "presidio")


def build_redactor(props: RedactionProperties) -> Redactor | None:
    """Choose and build the engine of the settings; never raises.

    ``presidio`` and ``auto`` take Presidio when it and its model are installed, and the regular expressions
    otherwise: with a warning for ``presidio``, which was asked for. A model is never downloaded.

    Args:
        props: The settings of redaction.

    Returns:
        The engine; None when redaction is off.
    """
    if not props.enabled:
        return None

    log = StructuredLogger(logging.getLogger("pyfly.logging"))
    engine = props.engine.strip().lower()
    if engine not in _ENGINES:
        log.warning("unknown_redaction_engine", engine=props.engine, known=", ".join(_ENGINES))

    if engine == "auto" and not presidio_is_installed(props.presidio):
        log.info("redaction_engine", engine="regex", reason="presidio is not installed")
    elif engine in ("auto", "presidio"):
        try:
            return PresidioRedactor(props)
        except Exception as failure:
            # Whatever Presidio, spaCy and the model raise: the log is not left without redaction.
            tell = log.warning if engine == "presidio" else log.info
            tell("presidio_not_available", reason=str(failure), engine="regex")

    return RegexRedactor(list(props.entities), props.mask, dict(props.extra_patterns))
