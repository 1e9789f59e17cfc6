# SPDX-License-Identifier: Apache-2.0
"""Values of denied keys within texts."""

import pytest

from pyfly.logging.redaction import FieldRedactor, RegexRedactor

FIELDS = FieldRedactor(RegexRedactor(["BEARER_TOKEN"]), [], ["password", "token", "secret"])


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("password=x, user=a", "password=<REDACTED>, user=a"),
        ("password=x,user=a", "password=<REDACTED>,user=a"),
        ("a=1&password=x&b=2", "a=1&password=<REDACTED>&b=2"),
        ("(password=x)", "(password=<REDACTED>)"),
        ("Login(password='x y', user='a')", "Login(password='<REDACTED>', user='a')"),
        ('{"password": "x", "a": 1}', '{"password": "<REDACTED>", "a": 1}'),
        ('{"password": 5, "a": 1}', '{"password": <REDACTED>, "a": 1}'),
        ('{"credentials": {"a": [1, "}"]}, "b": 2}', '{"credentials": <REDACTED>, "b": 2}'),
        ('{"tokens": ["a", "b"], "c": 1}', '{"tokens": <REDACTED>, "c": 1}'),
        ("password: x next", "password: <REDACTED> next"),
        ("password:\nnext", "password:\nnext"),
        ("['password=', {'password': 'x'}]", "['password=', {'password': '<REDACTED>'}]"),
        ("password=(a)b c", "password=<REDACTED> c"),
        ("password='it's x' y", "password='<REDACTED>' y"),
        ("password='it's x y", "password='<REDACTED>"),
        ("password=", "password="),
        ("password= next", "password= <REDACTED>"),
        ("Authorization: Basic x y\nHost: h", "Authorization: <REDACTED>\nHost: h"),
        ("Authorization: Bearer abc-1", "Authorization: <BEARER_TOKEN>"),
        ("authorization=Basic abc user=a", "authorization=<REDACTED> user=a"),
        ("-H 'Authorization: Basic x' -v", "-H 'Authorization: <REDACTED>' -v"),
        ("Cookie: a=b; c=d", "Cookie: <REDACTED>"),
        ("--password x --user a", "--password <REDACTED> --user a"),
        ("--password --user a", "--password --user a"),
        ("<password>x y</password>", "<password><REDACTED></password>"),
        ("[('token', 'x'), ('a', 'b')]", "[('token', '<REDACTED>'), ('a', 'b')]"),
        ("['token', 'a']", "['token', 'a']"),
        ("password=<REDACTED>", "password=<REDACTED>"),
        ("token=<BEARER_TOKEN>x", "token=<REDACTED>"),
        ("token: expired at noon", "token: expired at noon"),
        ("password: str = None", "password: str = None"),
        ("tokens=512 max_tokens=1_024", "tokens=512 max_tokens=1_024"),
        ("token_count=5", "token_count=5"),
        ("secretary=ann", "secretary=ann"),
        ("İ password=x", "İ password=<REDACTED>"),
        ("Straße token=x", "Straße token=<REDACTED>"),
        ("x" * 100 + "_password=x", "x" * 100 + "_password=<REDACTED>"),
    ],
)
def test_value_ends_where_the_next_one_begins(text: str, redacted: str) -> None:
    assert FIELDS.redact_text(text) == redacted


def test_words_of_the_settings_count() -> None:
    fields = FieldRedactor(RegexRedactor([]), [], ["pin"])

    assert fields.redact_text("card_pin=1234 spin=5 password=x") == "card_pin=<REDACTED> spin=5 password=x"


def test_words_that_always_count() -> None:
    fields = FieldRedactor(RegexRedactor([]))

    assert fields.redact_text("api_key=x token=y") == "api_key=<REDACTED> token=y"


def test_more_than_500_values_are_cut() -> None:
    shown = FIELDS.redact_text("pwd=ab " * 600)

    assert shown == "pwd=<REDACTED> " * 500 + f"pwd=<CUT {100 * 7 - 4} characters>"


def test_private_key_among_others() -> None:
    text = (
        "a\n-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----\n"
        "-----BEGIN EC PRIVATE KEY-----\nMIIE\n-----END EC PRIVATE KEY-----\nb"
    )

    assert FIELDS.redact_text(text) == (
        "a\n-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----\n<PRIVATE_KEY>\nb"
    )
