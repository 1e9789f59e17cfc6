# SPDX-License-Identifier: Apache-2.0
import hashlib
import logging

import pytest

from pyfly.logging.redaction import LogRedactor, Redactor, RegexRedactor, TextKind
from pyfly.logging.redaction.patterns import BUILTIN_PATTERNS, VALIDATORS, iban_valid, ipv6_valid, luhn_valid

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dBjftJeZ4CVP-mB9"


class TestEntities:
    @pytest.mark.parametrize(
        ("entity", "text", "redacted"),
        [
            ("EMAIL", "write ann@example.com.", "write <EMAIL>."),
            ("CREDIT_CARD", "card 4111 1111 1111 1111 ok", "card <CREDIT_CARD> ok"),
            ("CREDIT_CARD", "card 4111-1111-1111-1111", "card <CREDIT_CARD>"),
            ("CREDIT_CARD", "card 4222222222222", "card <CREDIT_CARD>"),
            ("CREDIT_CARD", "card 41 11 11 11 11 11 11 11", "card <CREDIT_CARD>"),
            ("IBAN", "iban DE89370400440532013000", "iban <IBAN>"),
            ("IBAN", "iban DE89 3704 0044 0532 0130 00", "iban <IBAN>"),
            ("US_SSN", "ssn 123-45-6789", "ssn <US_SSN>"),
            ("JWT", f"jwt {JWT}", "jwt <JWT>"),
            ("BEARER_TOKEN", "sent Bearer abc-123", "sent <BEARER_TOKEN>"),
            ("BEARER_TOKEN", "sent BEARER abc-123", "sent <BEARER_TOKEN>"),
            ("URL_CREDENTIALS", "db://app:pw@host/x", "db://app:<URL_CREDENTIALS>@host/x"),
            ("PHONE", "5551234567", "<PHONE>"),
            ("PHONE", "555-1234", "<PHONE>"),
            ("PHONE", "1234567", "<PHONE>"),
            ("PHONE", "+1 (555) 123-4567", "<PHONE>"),
            ("PHONE", "order 1716239022", "order <PHONE>"),
            ("IPV4", "from 192.168.0.1.", "from <IPV4>."),
            ("IPV6", "from 2001:db8::1 to ::1", "from <IPV6> to <IPV6>"),
        ],
    )
    def test_finding_is_masked(self, entity: str, text: str, redacted: str) -> None:
        assert RegexRedactor([entity]).redact(text) == redacted

    @pytest.mark.parametrize(
        ("entity", "text"),
        [
            ("EMAIL", "user@host"),
            ("EMAIL", "react@18.2.0"),
            ("CREDIT_CARD", "4111 1111 1111 1112"),
            ("CREDIT_CARD", "41111111111111111111"),
            ("IBAN", "DE89370400440532013001"),
            ("IBAN", "de89370400440532013000"),
            ("US_SSN", "1123-45-6789"),
            ("JWT", "eyJhbGciOiJIUzI1NiJ9"),
            ("BEARER_TOKEN", "forbearer abc"),
            ("URL_CREDENTIALS", "http://host:8080/a@b"),
            ("URL_CREDENTIALS", "http://host/a"),
            ("PHONE", "123456"),
            ("PHONE", "12345678901234567890"),
            ("IPV4", "256.1.1.1"),
            ("IPV4", "1.2.3"),
            ("IPV6", "12:34:56"),
        ],
    )
    def test_what_only_looks_like_it_stays(self, entity: str, text: str) -> None:
        assert RegexRedactor([entity]).redact(text) == text

    def test_only_the_kinds_asked_for_are_masked(self) -> None:
        redactor = RegexRedactor(["EMAIL"])

        assert redactor.redact("ann@example.com 5551234567") == "<EMAIL> 5551234567"

    def test_kinds_are_looked_for_in_their_order(self) -> None:
        assert RegexRedactor(["US_SSN", "PHONE"]).redact("123-45-6789 5551234") == "<US_SSN> <PHONE>"

    @pytest.mark.parametrize("entities", [["EMAIL", "URL_CREDENTIALS"], ["URL_CREDENTIALS", "EMAIL"]])
    def test_host_of_a_url_is_no_part_of_an_address(self, entities: list[str]) -> None:
        redactor = RegexRedactor(entities)

        shown = redactor.redact("postgres://app:pw@db.example.com/x of ann@example.com")

        assert shown == "postgres://app:<URL_CREDENTIALS>@db.example.com/x of <EMAIL>"

    def test_all_kinds_have_patterns(self) -> None:
        assert set(BUILTIN_PATTERNS) == {
            "EMAIL",
            "CREDIT_CARD",
            "IBAN",
            "US_SSN",
            "JWT",
            "BEARER_TOKEN",
            "URL_CREDENTIALS",
            "PHONE",
            "IPV4",
            "IPV6",
        }
        assert VALIDATORS["CREDIT_CARD"] is luhn_valid

    @pytest.mark.parametrize("value", [None, 7, 1.5, True, b"ann@example.com", ["ann@example.com"], {"a": 1}])
    def test_what_is_no_text_is_returned_untouched(self, value: object) -> None:
        assert RegexRedactor(["EMAIL"]).redact(value) is value


class TestMasks:
    def test_partial_shows_the_last_four_characters(self) -> None:
        assert RegexRedactor(["CREDIT_CARD"], mask="partial").redact("4111111111111111") == "************1111"

    def test_partial_shows_nothing_of_a_short_secret(self) -> None:
        redactor = RegexRedactor([], mask="partial", extra_patterns={"PIN": r"\d{4}"})

        assert redactor.redact("pin 1234") == "pin ****"

    def test_hash_is_the_beginning_of_sha_256(self) -> None:
        expected = hashlib.sha256(b"ann@example.com").hexdigest()[:8]

        assert RegexRedactor(["EMAIL"], mask="hash").redact("to ann@example.com") == f"to <EMAIL:{expected}>"

    def test_digits_of_a_hash_are_no_telephone_number(self) -> None:
        redactor = RegexRedactor(["EMAIL", "PHONE"], mask="hash")

        shown = [redactor.redact(f"user{number}@example.com") for number in range(300)]

        assert all(text.startswith("<EMAIL:") and "PHONE" not in text for text in shown)

    @pytest.mark.parametrize("mask", ["placeholder", "partial", "hash"])
    def test_host_stays_with_any_mask(self, mask: str) -> None:
        shown = RegexRedactor(["EMAIL", "URL_CREDENTIALS"], mask).redact(
            "x://app:longpassword@db.example.com/y"
        )

        assert shown.startswith("x://app:")
        assert shown.endswith("@db.example.com/y")
        assert "longpass" not in shown

    def test_unknown_mask_is_warned_of(self, caplog: pytest.LogCaptureFixture) -> None:
        assert RegexRedactor(["EMAIL"], mask="blur").redact("ann@example.com") == "<EMAIL>"

        [record] = caplog.records
        assert record.name == "pyfly.logging"
        assert record.getMessage() == "unknown_redaction_mask | mask=blur known=placeholder, partial, hash"


class TestExtraPatterns:
    def test_match_is_masked_under_its_name(self) -> None:
        redactor = RegexRedactor(["EMAIL"], extra_patterns={"EMPLOYEE": r"EMP-\d+"})

        assert redactor.redact("EMP-12 ann@example.com") == "<EMPLOYEE> <EMAIL>"

    def test_name_is_written_as_it_is(self) -> None:
        assert RegexRedactor([], extra_patterns={"emp_id": r"EMP-\d+"}).redact("EMP-12") == "<emp_id>"

    def test_masks_of_others_are_not_matched(self) -> None:
        redactor = RegexRedactor(["EMAIL"], extra_patterns={"WORD": r"[A-Z]+"})

        assert redactor.redact("ABC ann@example.com") == "<WORD> <EMAIL>"

    def test_invalid_expression_is_skipped_with_a_warning(self, caplog: pytest.LogCaptureFixture) -> None:
        redactor = RegexRedactor([], extra_patterns={"BAD": "(", "GOOD": "x1"})

        assert redactor.redact("( x1") == "( <GOOD>"
        [record] = caplog.records
        assert record.levelno == logging.WARNING
        assert record.getMessage().startswith("invalid_redaction_pattern | name=BAD reason=missing )")

    def test_match_of_nothing_is_none(self) -> None:
        assert RegexRedactor([], extra_patterns={"ANY": "z*"}).redact("azb") == "a<ANY>b"

    def test_long_text_is_matched_in_pieces(self) -> None:
        redactor = RegexRedactor([], extra_patterns={"EMPLOYEE": r"EMP-\d+"})

        shown = redactor.redact("EMP-12 word " * 3_000)

        assert shown == "<EMPLOYEE> word " * 3_000


class TestUnknownEntities:
    def test_are_left_out_with_a_warning(self, caplog: pytest.LogCaptureFixture) -> None:
        assert (
            RegexRedactor(["EMIAL", "PHONE"]).redact("ann@example.com 1234567") == "ann@example.com <PHONE>"
        )

        [record] = caplog.records
        assert record.getMessage().startswith("unknown_redaction_entities | entities=EMIAL known=EMAIL, ")

    def test_nothing_known_is_warned_of(self, caplog: pytest.LogCaptureFixture) -> None:
        assert RegexRedactor(["EMIAL"]).redact("ann@example.com") == "ann@example.com"

        assert caplog.records[-1].getMessage() == (
            "redaction_finds_nothing | reason=none of the configured entities is known"
        )

    def test_known_names_in_any_case_are_fine(self, caplog: pytest.LogCaptureFixture) -> None:
        assert RegexRedactor(["email"]).redact("ann@example.com") == "<EMAIL>"
        assert not caplog.records


class TestLoggedText:
    def test_is_a_redactor_that_knows_logs(self) -> None:
        redactor = RegexRedactor([])

        assert isinstance(redactor, Redactor)
        assert isinstance(redactor, LogRedactor)

    @pytest.mark.parametrize(
        ("kind", "redacted"),
        [
            (TextKind.FREE, "1234567890 and <PHONE>"),
            (TextKind.ID, "1234567890 and 555-123-4567"),
            (TextKind.PHONE, "<PHONE> and <PHONE>"),
        ],
    )
    def test_telephone_number_depends_on_what_is_known(self, kind: TextKind, redacted: str) -> None:
        assert RegexRedactor(["PHONE"]).redact_logged("1234567890 and 555-123-4567", kind) == redacted

    @pytest.mark.parametrize(
        ("kind", "redacted"),
        [
            (TextKind.FREE, "<CREDIT_CARD> <CREDIT_CARD>"),
            (TextKind.ID, "<CREDIT_CARD> 4000000000000000006"),
        ],
    )
    def test_long_id_is_no_card(self, kind: TextKind, redacted: str) -> None:
        redactor = RegexRedactor(["CREDIT_CARD"])

        assert redactor.redact_logged("4111111111111111 4000000000000000006", kind) == redacted

    @pytest.mark.parametrize("text", ["1716239022007", "1111111111111117", "0000000000000000"])
    def test_digits_of_no_issuer_are_no_card(self, text: str) -> None:
        redactor = RegexRedactor(["CREDIT_CARD"])

        assert luhn_valid(text)
        assert redactor.redact_logged(text) == text

    def test_part_of_a_checksum_is_no_card(self) -> None:
        checksum = f"ab{'4111111111111111'}cdefabcdefabcdef"

        assert RegexRedactor(["CREDIT_CARD"]).redact_logged(checksum) == checksum

    @pytest.mark.parametrize("text", ["the bearer of news", "a bearer token", "Bearer authentication"])
    def test_sentence_about_bearers_stays(self, text: str) -> None:
        assert RegexRedactor(["BEARER_TOKEN"]).redact_logged(text) == text


class TestLongTexts:
    def test_rest_is_cut_and_not_shown(self) -> None:
        text = "word " * 30_000 + "ann@example.com"

        shown = RegexRedactor(["EMAIL"]).redact(text)

        assert shown.endswith(f"word <CUT {len(text) - 100_000} characters>")
        assert len(shown) < 100_100

    def test_word_at_the_cut_is_left_out(self) -> None:
        text = "x" * 99_990 + " ann@example.com"

        shown = RegexRedactor(["EMAIL"]).redact(text)

        assert shown == f"{'x' * 99_990} <CUT 15 characters>"

    def test_text_without_blanks_is_cut_earlier(self) -> None:
        assert RegexRedactor(["EMAIL"]).redact("x" * 200_000) == f"{'x' * 95_904}<CUT 104096 characters>"


class TestCheckDigits:
    @pytest.mark.parametrize("number", ["4111111111111111", "4111 1111-1111 1111", "79927398713", "0"])
    def test_right_card(self, number: str) -> None:
        assert luhn_valid(number)

    @pytest.mark.parametrize("number", ["", " ", "4111111111111112", "x", "\u0664\u0661\u0661\u0661"])
    def test_wrong_card(self, number: str) -> None:
        assert not luhn_valid(number)

    @pytest.mark.parametrize(
        "number", ["DE89370400440532013000", "GB82 WEST 1234 5698 7654 32", "NO9386011117947"]
    )
    def test_right_account(self, number: str) -> None:
        assert iban_valid(number)

    @pytest.mark.parametrize("number", ["", "DE89370400440532013001", "de89370400440532013000", "DE89-3704"])
    def test_wrong_account(self, number: str) -> None:
        assert not iban_valid(number)

    def test_addresses(self) -> None:
        assert ipv6_valid("::ffff:192.0.2.1")
        assert not ipv6_valid("12:34:56")
