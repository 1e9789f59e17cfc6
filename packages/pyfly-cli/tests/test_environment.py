# SPDX-License-Identifier: Apache-2.0
import click
import pytest

from pyfly.cli.environment import launch_environment, variable_name


@pytest.mark.parametrize(
    ("key", "variable"),
    [
        ("web.port", "PYFLY_WEB_PORT"),
        ("pyfly.web.port", "PYFLY_WEB_PORT"),
        ("server.graceful-timeout", "PYFLY_SERVER_GRACEFUL_TIMEOUT"),
    ],
)
def test_a_key_becomes_the_variable_that_overrides_it(key, variable):
    assert variable_name(key) == variable


def test_nothing_given_sets_nothing():
    assert launch_environment() == {}


def test_an_option_wins_over_a_definition_and_that_over_a_variable():
    variables = launch_environment(
        env_vars=["PYFLY_SERVER_PORT=1", "PYFLY_SERVER_HOST=a"],
        defines=["server.port=2", "server.host=b"],
        settings={"pyfly.server.port": 3, "pyfly.server.host": None},
    )

    assert variables == {
        "PYFLY_SERVER_PORT": "3",
        "PYFLY_SERVER_HOST": "b",
        "_PYFLY_COMMAND_LINE": '{"server.host": "b"}',
    }


def test_a_value_may_contain_an_equals_sign_or_be_empty():
    variables = launch_environment(defines=["data.url=a=b"], env_vars=["EMPTY="])

    assert (variables["PYFLY_DATA_URL"], variables["EMPTY"]) == ("a=b", "")


def test_profiles_are_joined_and_blanks_dropped():
    assert launch_environment(profiles=["a, b", "", "c"]) == {"PYFLY_PROFILES_ACTIVE": "a,b,c"}


@pytest.mark.parametrize("text", ["key", "=value", " =value"])
def test_a_text_without_key_or_equals_sign_is_refused(text):
    with pytest.raises(click.BadParameter):
        launch_environment(defines=[text])
