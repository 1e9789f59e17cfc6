# SPDX-License-Identifier: Apache-2.0
from collections import Counter

from pyfly.web.testing import WebAdapterContract


def cases_of(theme: type) -> list[str]:
    return [name for name in vars(theme) if name.startswith("test_")]


def test_no_theme_hides_a_case_of_another() -> None:
    counts = Counter(name for theme in WebAdapterContract.__bases__ for name in cases_of(theme))

    assert [name for name, count in counts.items() if count > 1] == []


def test_every_theme_has_cases() -> None:
    assert all(cases_of(theme) for theme in WebAdapterContract.__bases__)
