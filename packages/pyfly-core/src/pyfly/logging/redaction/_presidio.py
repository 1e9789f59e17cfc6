# SPDX-License-Identifier: Apache-2.0
"""Secrets and personal data found by Microsoft Presidio, with its models of language."""

import logging
import threading
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any, NamedTuple, Protocol

from pyfly.config.properties.logging import PresidioProperties, RedactionProperties
from pyfly.logging.redaction._limits import within_limit
from pyfly.logging.redaction._masks import MASKS
from pyfly.logging.redaction._port import LogRedactor, TextKind
from pyfly.logging.redaction._regex import RegexRedactor

_LONGEST = 10_000


class Finding(Protocol):
    """A place in a text, as Presidio reports it.

    Attributes:
        entity_type: Kind of what stands there.
        start: First character.
        end: The character after the last one.
        score: How sure it is, from 0 to 1.
    """

    entity_type: str
    start: int
    end: int
    score: float


class Analyzer(Protocol):
    """The part of ``presidio_analyzer.AnalyzerEngine`` that is used."""

    def analyze(self, *, text: str, language: str, score_threshold: float) -> Sequence[Finding]:
        """Report what is found in a text."""
        ...


class _Span(NamedTuple):
    start: int
    end: int
    entity: str


class PresidioRedactor(LogRedactor):
    """Finds secrets with all recognizers of Presidio, and then with the regular expressions.

    Whatever goes wrong in Presidio, the regular expressions still run. Ids are not shown to it, nor more than
    10,000 characters of a text. It takes milliseconds for a text, in the thread that logs.

    Args:
        props: The settings of redaction.
        analyzer: What analyses texts; built from the settings when left out.

    Raises:
        ImportError: Presidio is not installed, or not the model. It is never downloaded.
        OSError: The model cannot be loaded.
    """

    def __init__(self, props: RedactionProperties, analyzer: Analyzer | None = None) -> None:
        self._analyzer = analyzer or _analyzer(props.presidio)
        self._languages = list(props.presidio.languages)
        self._threshold = props.presidio.score_threshold
        self._mask = MASKS.get(props.mask.strip().lower(), MASKS["placeholder"])
        self._regex = RegexRedactor(props.entities, props.mask, props.extra_patterns)
        # Presidio logs, too: what it says while it looks through a text must not make it look through texts.
        self._busy = threading.local()

    def redact(self, text: Any) -> Any:
        """Return the text with a mask in place of each secret.

        Args:
            text: The text; what is none is returned untouched.
        """
        return self._regex.redact(self._analysed(text)) if isinstance(text, str) else text

    def redact_logged(self, text: str, kind: TextKind = TextKind.FREE) -> str:
        """Return a text of the log with a mask in place of each secret.

        Args:
            text: The text.
            kind: What is known about it; ids are left to the regular expressions.
        """
        return self._regex.redact_logged(text if kind is TextKind.ID else self._analysed(text), kind)

    def may_hold_secret(self, text: str) -> object:
        """Tell that any text may hold what only a model of language can find."""
        return True

    def _analysed(self, text: str) -> str:
        text = within_limit(text)
        if getattr(self._busy, "now", False):
            return text

        self._busy.now = True
        try:
            return self._masked(text)
        except Exception:
            # Finding less is better than losing the line or showing it all.
            return text
        finally:
            self._busy.now = False

    def _masked(self, text: str) -> str:
        looked_at = text[:_LONGEST]
        spans: list[_Span] = []
        for language in self._languages:
            found = self._analyzer.analyze(text=looked_at, language=language, score_threshold=self._threshold)
            spans += (
                _Span(finding.start, finding.end, finding.entity_type)
                for finding in found
                if finding.score >= self._threshold
            )

        pieces: list[str] = []
        done = 0
        for span in _apart(spans):
            pieces += (text[done : span.start], self._mask(span.entity, text[span.start : span.end]))
            done = span.end

        return "".join((*pieces, text[done:]))


def presidio_is_installed(props: PresidioProperties) -> bool:
    """Tell whether Presidio and its model are there, without loading either."""
    # Imported here because most applications never ask.
    from importlib.util import find_spec
    from pathlib import Path

    try:
        return find_spec("presidio_analyzer") is not None and (
            (props.model.isidentifier() and find_spec(props.model) is not None) or Path(props.model).is_dir()
        )
    except (ImportError, ValueError, OSError):
        return False


def _analyzer(props: PresidioProperties) -> Analyzer:
    if not presidio_is_installed(props):
        # Presidio itself would download the model, while the application waits for its log.
        raise ImportError(
            f"presidio-analyzer or the spaCy model {props.model!r} is not installed: "
            f"pip install 'pyfly-core[pii]', python -m spacy download {props.model}"
        )

    logger = logging.getLogger("presidio-analyzer")
    if logger.level == logging.NOTSET:
        # It would log two lines about each text that it looks through.
        logger.setLevel(logging.ERROR)

    presidio = import_module("presidio_analyzer")
    engines = import_module("presidio_analyzer.nlp_engine")
    models = [{"lang_code": language, "model_name": props.model} for language in props.languages]
    provider = engines.NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": models})
    analyzer: Analyzer = presidio.AnalyzerEngine(
        nlp_engine=provider.create_engine(), supported_languages=list(props.languages)
    )
    return analyzer


def _apart(spans: Sequence[_Span]) -> Iterator[_Span]:
    """Join spans that overlap, under the name of the first and longest."""
    current: _Span | None = None
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if current is None:
            current = span
        elif span.start < current.end:
            current = current._replace(end=max(current.end, span.end))
        else:
            yield current
            current = span

    if current is not None:
        yield current
