# SPDX-License-Identifier: Apache-2.0
"""The settings of logging, ``pyfly.logging.*``."""

from dataclasses import dataclass, field
from typing import Literal

from pyfly.config.binding import config_properties

DEFAULT_ENTITIES = (
    "EMAIL",
    "CREDIT_CARD",
    "IBAN",
    "US_SSN",
    "JWT",
    "BEARER_TOKEN",
    "URL_CREDENTIALS",
    "PHONE",
)
DEFAULT_DENY_FIELDS = ("password", "token", "secret")


@dataclass
class PatternProperties:
    """Lay out lines, ``pyfly.logging.pattern.*``; a pattern takes the place of the format.

    Attributes:
        console: Pattern of the console, such as ``%d{HH:mm:ss} %-5level %msg%n``; empty for the format.
        file: Pattern of the log file; empty for the format.
    """

    console: str = ""
    file: str = ""


@dataclass
class FileProperties:
    """Write a log file, ``pyfly.logging.file.*``; the console stays on.

    Attributes:
        name: Name of the file; empty for no file.
        path: Folder of the file, made when it is missing; empty for the working directory.
    """

    name: str = ""
    path: str = ""


@dataclass
class RollingProperties:
    """Roll the log file over, ``pyfly.logging.rolling.*``.

    Attributes:
        max_size: Size at which a new file is begun, such as ``10MB``.
        max_history: How many old files are kept.
        total_size_cap: Size that the old files may have together, such as ``1GB``; empty for no limit.
    """

    max_size: str = "10MB"
    max_history: int = 7
    total_size_cap: str = ""


@dataclass
class StreamsRedactionProperties:
    """Redact what is printed, ``pyfly.logging.redaction.streams.*``.

    Attributes:
        enabled: Whether standard output and standard error are redacted as well, whoever writes to them.
    """

    enabled: bool = False


@dataclass
class PresidioProperties:
    """Set up the Presidio engine, ``pyfly.logging.redaction.presidio.*``.

    Attributes:
        languages: Languages that the analyzer looks for.
        score_threshold: Least score, from 0 to 1, of what is taken for a finding.
        model: The spaCy model.
    """

    languages: list[str] = field(default_factory=lambda: ["en"])
    score_threshold: float = 0.5
    model: str = "en_core_web_lg"


@dataclass
class RedactionProperties:
    """Keep secrets out of the log, ``pyfly.logging.redaction.*``.

    Attributes:
        enabled: Whether anything is redacted.
        engine: ``auto``, ``regex`` or ``presidio``.
        entities: Kinds of secrets that are looked for in texts, in this order.
        mask: ``placeholder`` (``<EMAIL>``), ``partial`` (stars but for the last four) or ``hash``.
        extra_patterns: Further kinds: a name and its regular expression.
        allow_fields: When not empty, only these fields and the event are looked through.
        deny_fields: Fields whose value never shows, in any spelling and also as a part of a longer name.
        streams: Standard output and standard error.
        presidio: Settings of the Presidio engine.
    """

    enabled: bool = True
    engine: Literal["auto", "regex", "presidio"] = "auto"
    entities: list[str] = field(default_factory=lambda: list(DEFAULT_ENTITIES))
    mask: Literal["placeholder", "partial", "hash"] = "placeholder"
    extra_patterns: dict[str, str] = field(default_factory=dict)
    allow_fields: list[str] = field(default_factory=list)
    deny_fields: list[str] = field(default_factory=lambda: list(DEFAULT_DENY_FIELDS))
    streams: StreamsRedactionProperties = field(default_factory=StreamsRedactionProperties)
    presidio: PresidioProperties = field(default_factory=PresidioProperties)


@dataclass
class AsyncProperties:
    """Write in the background, ``pyfly.logging.async.*``.

    Attributes:
        enabled: Whether a thread of its own writes, so that no caller waits for a disk or a terminal.
        queue_size: Records that may wait; what comes on top is dropped and counted.
    """

    enabled: bool = False
    queue_size: int = 10_000


@config_properties(prefix="pyfly.logging")
@dataclass
class LoggingProperties:
    """Set up logging.

    Attributes:
        enabled: Whether the application sets logging up at all; ``false`` leaves it as it is.
        adapter: ``auto``, or the name of an installed logging adapter.
        level: Level by logger; ``root`` is the top. One of TRACE, DEBUG, INFO, WARN, ERROR, CRITICAL, OFF.
        format: ``console``, ``json`` or ``logfmt``.
        pattern: Layouts that take the place of the format.
        file: The log file.
        rolling: When the log file rolls over.
        config: A configuration file for Python's logging, instead of all this; empty for none.
        redaction: What is kept out of the log.
        async_: Writing in the background.
    """

    enabled: bool = True
    adapter: str = "auto"
    level: dict[str, str] = field(default_factory=lambda: {"root": "INFO"})
    format: Literal["console", "json", "logfmt"] = "console"
    pattern: PatternProperties = field(default_factory=PatternProperties)
    file: FileProperties = field(default_factory=FileProperties)
    rolling: RollingProperties = field(default_factory=RollingProperties)
    config: str = ""
    redaction: RedactionProperties = field(default_factory=RedactionProperties)
    async_: AsyncProperties = field(default_factory=AsyncProperties)
