# SPDX-License-Identifier: Apache-2.0
import logging
from collections.abc import Sequence
from typing import NamedTuple

import pytest

from pyfly.config.properties.logging import PresidioProperties, RedactionProperties
from pyfly.logging.redaction import FieldRedactor, PresidioRedactor, RegexRedactor, TextKind, build_redactor
from pyfly.logging.redaction.engine import Analyzer, Finding

# No model of that name is ever installed, so the outcome is the same with and without Presidio.
ABSENT = PresidioProperties(model="no_such_model")


class Found(NamedTuple):
    entity_type: str
    start: int
    end: int
    score: float


class Names(Analyzer):
    """Finds what it is told to find, like an analyzer with a model of language."""

    def __init__(self, names: dict[str, float], error: Exception | None = None) -> None:
        self.names = names
        self.error = error
        self.seen: list[tuple[str, str]] = []

    def analyze(self, *, text: str, language: str, score_threshold: float) -> Sequence[Finding]:
        self.seen.append((language, text))
        if self.error is not None:
            raise self.error

        return [
            Found("PERSON", text.index(name), text.index(name) + len(name), score)
            for name, score in self.names.items()
            if name in text
        ]


class TestChoice:
    def test_none_when_redaction_is_off(self) -> None:
        assert build_redactor(RedactionProperties(enabled=False)) is None

    @pytest.mark.parametrize("engine", ["regex", "REGEX", " regex "])
    def test_regular_expressions(self, engine: str, caplog: pytest.LogCaptureFixture) -> None:
        redactor = build_redactor(RedactionProperties(engine=engine))

        assert isinstance(redactor, RegexRedactor)
        assert not caplog.records

    def test_settings_reach_the_engine(self) -> None:
        redactor = build_redactor(
            RedactionProperties(
                engine="regex", entities=["EMAIL"], mask="partial", extra_patterns={"EMPLOYEE": "EMP-[0-9]+"}
            )
        )

        assert redactor is not None
        assert redactor.redact("ann@example.com EMP-1234 5551234567") == "***********.com ****1234 5551234567"

    def test_presidio_that_is_not_there_is_warned_of(self, caplog: pytest.LogCaptureFixture) -> None:
        redactor = build_redactor(RedactionProperties(engine="presidio", presidio=ABSENT))

        assert isinstance(redactor, RegexRedactor)
        [record] = caplog.records
        assert record.levelno == logging.WARNING
        assert record.name == "pyfly.logging"
        assert record.getMessage() == (
            "presidio_not_available | reason=presidio-analyzer or the spaCy model 'no_such_model' is not "
            "installed: pip install 'pyfly-core[pii]', python -m spacy download no_such_model engine=regex"
        )

    def test_auto_takes_what_is_there(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.INFO)

        redactor = build_redactor(RedactionProperties(engine="auto", presidio=ABSENT))

        assert isinstance(redactor, RegexRedactor)
        [record] = caplog.records
        assert record.levelno == logging.INFO
        assert record.getMessage() == "redaction_engine | engine=regex reason=presidio is not installed"

    @pytest.mark.parametrize("model", ["", "..", "a b", "/no/such/folder", "\0"])
    def test_name_that_is_no_model_does_no_harm(self, model: str) -> None:
        properties = RedactionProperties(engine="presidio", presidio=PresidioProperties(model=model))

        assert isinstance(build_redactor(properties), RegexRedactor)

    def test_unknown_engine_is_warned_of(self, caplog: pytest.LogCaptureFixture) -> None:
        assert isinstance(build_redactor(RedactionProperties(engine="regexp")), RegexRedactor)

        [record] = caplog.records
        assert record.getMessage() == "unknown_redaction_engine | engine=regexp known=auto, regex, presidio"

    def test_constructor_tells_what_is_missing(self) -> None:
        with pytest.raises(ImportError, match="the spaCy model 'no_such_model'"):
            PresidioRedactor(RedactionProperties(presidio=ABSENT))


class TestPresidio:
    def test_its_findings_come_before_the_expressions(self) -> None:
        redactor = PresidioRedactor(RedactionProperties(), Names({"Ann Lee": 0.85}))

        assert redactor.redact("Ann Lee, ann@example.com") == "<PERSON>, <EMAIL>"

    def test_findings_below_the_threshold_are_left(self) -> None:
        properties = RedactionProperties(presidio=PresidioProperties(score_threshold=0.9))

        assert PresidioRedactor(properties, Names({"Ann Lee": 0.85})).redact("Ann Lee") == "Ann Lee"

    def test_overlapping_findings_are_one(self) -> None:
        redactor = PresidioRedactor(
            RedactionProperties(), Names({"Ann Lee": 0.9, "Lee Roy": 0.9, "Bob": 0.9})
        )

        assert redactor.redact("Ann Lee Roy and Bob") == "<PERSON> and <PERSON>"

    def test_mask_is_that_of_the_settings(self) -> None:
        redactor = PresidioRedactor(RedactionProperties(mask="partial"), Names({"Ann Lee": 0.9}))

        assert redactor.redact("Ann Lee") == "*** Lee"

    def test_all_languages_are_asked(self) -> None:
        analyzer = Names({})

        PresidioRedactor(
            RedactionProperties(presidio=PresidioProperties(languages=["en", "es"])), analyzer
        ).redact("x")

        assert analyzer.seen == [("en", "x"), ("es", "x")]

    @pytest.mark.parametrize("value", [None, 7, b"Ann Lee"])
    def test_what_is_no_text_is_returned_untouched(self, value: object) -> None:
        assert PresidioRedactor(RedactionProperties(), Names({})).redact(value) is value

    def test_error_falls_through_to_the_expressions(self) -> None:
        redactor = PresidioRedactor(RedactionProperties(), Names({}, RuntimeError("no model")))

        assert redactor.redact("to ann@example.com") == "to <EMAIL>"
        assert redactor.redact_logged("to ann@example.com") == "to <EMAIL>"

    def test_ids_are_not_shown_to_it(self) -> None:
        analyzer = Names({})

        PresidioRedactor(RedactionProperties(), analyzer).redact_logged("1234567890", TextKind.ID)

        assert not analyzer.seen

    def test_long_texts_are_shown_in_part(self) -> None:
        analyzer = Names({})

        shown = PresidioRedactor(RedactionProperties(), analyzer).redact("word " * 4_000 + "ann@example.com")

        assert shown.endswith("word <EMAIL>")
        assert [len(text) for _, text in analyzer.seen] == [10_000]

    def test_what_it_logs_itself_is_not_shown_to_it(self) -> None:
        class Talking(Names):
            def analyze(self, *, text: str, language: str, score_threshold: float) -> Sequence[Finding]:
                inner.append(redactor.redact(f"looking at {text}"))
                return super().analyze(text=text, language=language, score_threshold=score_threshold)

        inner: list[str] = []
        redactor = PresidioRedactor(RedactionProperties(), Talking({"Ann": 0.9}))

        assert redactor.redact("Ann ann@example.com") == "<PERSON> <EMAIL>"
        assert inner == ["looking at Ann <EMAIL>"]

    def test_fields_go_through_it(self) -> None:
        fields = FieldRedactor(
            PresidioRedactor(RedactionProperties(), Names({"Ann Lee": 0.9})), [], ["token"]
        )

        shown = fields.redact(
            {"event": "paid", "customer": "Ann Lee", "token": "x", "order_id": "1234567890"}
        )

        assert shown == {
            "event": "paid",
            "customer": "<PERSON>",
            "token": "<REDACTED>",
            "order_id": "1234567890",
        }
