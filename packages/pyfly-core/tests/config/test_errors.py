# SPDX-License-Identifier: Apache-2.0
import pickle

import pytest

from pyfly.config import errors

PROBLEM = errors.BindingProblem("db.port", "an integer", "'x'", "pyfly.yaml, line 3")


@pytest.mark.parametrize(
    "error",
    [
        errors.ConfigurationError("wrong", "CODE"),
        errors.MalformedSourceError("pyfly.yaml", "not YAML", 2, 3),
        errors.UnresolvedPlaceholderError("${a}", "a"),
        errors.CircularPlaceholderError(["a", "b", "a"]),
        errors.BindingError("Database", "db", [PROBLEM]),
        errors.UnsupportedConstraintError("Database", "port", "MinLen(1)", "the values have no length"),
        errors.AutoConfigurationError("web", "acme:Web", "acme", "broken"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_error_survives_pickling_and_explains_itself(error: errors.ConfigurationError) -> None:
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), vars(copy)) == (type(error), vars(error))
    assert copy.description == str(error)
    assert copy.action


def test_configuration_errors_are_value_errors() -> None:
    assert issubclass(errors.ConfigurationError, ValueError)


def test_file_without_a_place_is_named_alone() -> None:
    assert str(errors.MalformedSourceError("pyfly.yaml", "cannot be read")) == "pyfly.yaml: cannot be read"
