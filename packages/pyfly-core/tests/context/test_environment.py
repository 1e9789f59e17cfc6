# SPDX-License-Identifier: Apache-2.0
import pytest

from pyfly.config.store import Config
from pyfly.context.environment import Environment


@pytest.fixture(autouse=True)
def no_profiles_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYFLY_PROFILES_ACTIVE", raising=False)


def with_profiles(active: object) -> Environment:
    return Environment(Config({"pyfly": {"profiles": {"active": active}}}))


class TestActiveProfiles:
    def test_comma_list_is_trimmed_and_blanks_are_dropped(self) -> None:
        assert with_profiles(" dev, ,eu ,").active_profiles == ["dev", "eu"]

    def test_yaml_list(self) -> None:
        assert with_profiles(["dev", " eu "]).active_profiles == ["dev", "eu"]

    def test_none_by_default(self) -> None:
        assert Environment(Config({})).active_profiles == []

    def test_variable_wins(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PYFLY_PROFILES_ACTIVE", "prod,eu")

        assert with_profiles("dev").active_profiles == ["prod", "eu"]

    def test_variable_wins_over_yaml_list(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PYFLY_PROFILES_ACTIVE", "prod, eu")

        assert with_profiles(["dev"]).active_profiles == ["prod", "eu"]

    def test_is_read_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        environment = with_profiles("dev")

        monkeypatch.setenv("PYFLY_PROFILES_ACTIVE", "prod")

        assert environment.active_profiles == ["dev"]

    def test_is_a_copy(self) -> None:
        environment = with_profiles("dev")

        environment.active_profiles.append("prod")

        assert environment.active_profiles == ["dev"]


class TestAcceptsProfiles:
    def test_any_of_several_arguments(self) -> None:
        assert with_profiles("dev").accepts_profiles("prod", "dev")

    def test_no_argument_is_not_accepted(self) -> None:
        assert not with_profiles("dev").accepts_profiles()

    @pytest.mark.parametrize("expression", ["! prod", "!prod", "!( prod )", "!!!prod"])
    def test_negation_of_an_active_profile_is_false(self, expression: str) -> None:
        assert not with_profiles("prod").accepts_profiles(expression)

    def test_double_negation(self) -> None:
        assert with_profiles("prod").accepts_profiles("!!prod")

    def test_malformed_is_false_even_behind_a_negation(self) -> None:
        assert not with_profiles("prod").accepts_profiles("!(prod", "prod &")

    def test_default_is_active_when_nothing_else_is(self) -> None:
        nothing = Environment(Config({}))

        assert nothing.accepts_profiles("default")
        assert not nothing.accepts_profiles("!default")
        assert nothing.active_profiles == []

    def test_default_is_not_active_beside_a_profile(self) -> None:
        assert not with_profiles("dev").accepts_profiles("default")


class TestGetProperty:
    def test_value_of_the_configuration(self) -> None:
        assert Environment(Config({"app": {"name": "shop"}})).get_property("app.name") == "shop"

    def test_default_for_an_absent_key(self) -> None:
        assert Environment(Config({})).get_property("app.name", "unnamed") == "unnamed"
