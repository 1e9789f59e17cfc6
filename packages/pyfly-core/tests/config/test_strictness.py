# SPDX-License-Identifier: Apache-2.0
import pickle

import pytest

from pyfly.config.errors import BindingError, BindingProblem, ConfigurationError, UnresolvedPlaceholderError
from pyfly.config.strictness import InvalidConfigurationError, UnknownKey

KEY = UnknownKey("pyfly.server.prot", ("pyfly.server.port",), "/app/pyfly.yaml, line 4")
SHOP = BindingError(
    "Shop", "shop", [BindingProblem("shop.n", "an integer", "'x'", "/app/pyfly.yaml, line 9")]
)
MART = BindingError("Mart", "mart", [BindingProblem("mart.n", "text", None, None)])


def test_keys_and_values_are_told_together() -> None:
    error = InvalidConfigurationError([KEY], [SHOP, MART])

    assert error.description == (
        "The configuration has 1 key that does not exist and 2 values that do not fit:\n"
        "  pyfly.server.prot: no such key, did you mean pyfly.server.port? (/app/pyfly.yaml, line 4)\n"
        "Configuration validation failed for 'Shop' (prefix='shop'):\n"
        "  shop.n: expected an integer, got 'x' (from /app/pyfly.yaml, line 9)\n"
        "Configuration validation failed for 'Mart' (prefix='mart'):\n"
        "  mart.n: expected text, got nothing"
    )
    assert error.action == (
        "Correct or remove the keys; with pyfly.config.strict: false they are only warned about.\n"
        "Correct the values named above, or remove them to get the defaults."
    )


@pytest.mark.parametrize(
    ("unknown", "failures", "headline"),
    [
        ([KEY], [], "The configuration has 1 key that does not exist:"),
        ([KEY, KEY], [], "The configuration has 2 keys that do not exist:"),
        ([], [SHOP], "The configuration has 1 value that does not fit:"),
        (
            [],
            [SHOP, UnresolvedPlaceholderError("${a}", "a")],
            "The configuration has 2 values that do not fit:",
        ),
    ],
)
def test_headline_counts(
    unknown: list[UnknownKey], failures: list[ConfigurationError], headline: str
) -> None:
    assert str(InvalidConfigurationError(unknown, failures)).splitlines()[0] == headline


def test_facts() -> None:
    error = InvalidConfigurationError([KEY], [SHOP, MART])

    assert error.unknown == (KEY,)
    assert error.failures == (SHOP, MART)
    assert [problem.key for problem in error.problems] == ["shop.n", "mart.n"]
    assert isinstance(error, ValueError)


def test_without_unknown_keys_the_advice_is_about_values() -> None:
    assert InvalidConfigurationError([], [SHOP, MART]).action == SHOP.action


def test_pickles() -> None:
    error = pickle.loads(pickle.dumps(InvalidConfigurationError([KEY], [SHOP])))

    assert (error.unknown, str(error)) == ((KEY,), str(InvalidConfigurationError([KEY], [SHOP])))
