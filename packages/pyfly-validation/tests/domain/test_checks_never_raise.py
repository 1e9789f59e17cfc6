# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfly.validation import domain

QUESTIONS: list[Callable[[Any], bool]] = [
    getattr(domain, name) for name in domain.__all__ if name.startswith("is_")
]
TEXT_QUESTIONS = [
    question
    for question in QUESTIONS
    if question.__name__ not in ("is_valid_amount", "is_valid_interest_rate")
]
SPECIAL = st.text("0123456789 -+.eET:Z\u00b2\u0660\uff11\n", max_size=40)


@pytest.mark.parametrize("question", QUESTIONS)
@given(value=st.text() | SPECIAL)
def test_any_text_gets_an_answer(question: Callable[[Any], bool], value: str) -> None:
    assert question(value) in (True, False)


@pytest.mark.parametrize("question", QUESTIONS)
@given(
    value=st.integers()
    | st.floats()
    | st.decimals()
    | st.binary()
    | st.lists(st.text())
    | st.complex_numbers()
)
def test_any_object_gets_an_answer(question: Callable[[Any], bool], value: object) -> None:
    assert question(value) in (True, False)


@pytest.mark.parametrize("question", TEXT_QUESTIONS)
@pytest.mark.parametrize("value", [None, 1234, 4111111111111111, 3.5, b"1234", ["1234"], object(), True])
def test_what_is_no_text_is_refused(question: Callable[[Any], bool], value: object) -> None:
    assert question(value) is False


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("piece", ["1", " ", "-", "A", "1 -", "9.", "2020-01-01T00:00 "])
def test_a_huge_text_is_answered_in_linear_time(question: Callable[[Any], bool], piece: str) -> None:
    text = piece * (1_000_000 // len(piece)) + "!"
    started = process_time()

    question(text)

    assert process_time() - started < 1
