# SPDX-License-Identifier: Apache-2.0
import pickle

import pytest

from pyfly.container import (
    BeanCreationException,
    BeanCurrentlyInCreationError,
    NoSuchBeanError,
    NoUniqueBeanError,
    WiringError,
)
from pyfly.kernel.exceptions import InfrastructureException


class Repo: ...


class Fast(Repo): ...


class Slow(Repo): ...


class TestBeanCreationException:
    def test_facts_code_and_text(self) -> None:
        error = BeanCreationException("messaging", "KafkaBroker", "connection refused")

        assert isinstance(error, InfrastructureException)
        assert (error.subsystem, error.provider, error.reason) == (
            "messaging",
            "KafkaBroker",
            "connection refused",
        )
        assert error.code == "BEAN_CREATION_MESSAGING"
        for part in ("messaging", "KafkaBroker", "connection refused"):
            assert part in str(error)


class TestNoSuchBeanError:
    @pytest.mark.parametrize(
        ("facts", "headline"),
        [
            ({"bean_type": Repo}, "No bean of type 'Repo' is registered"),
            ({"bean_name": "repo"}, "No bean named 'repo' is registered"),
            ({}, "No matching bean is registered"),
        ],
    )
    def test_headline(self, facts: dict[str, object], headline: str) -> None:
        error = NoSuchBeanError(**facts)  # type: ignore[arg-type]

        assert headline in str(error)
        assert error.reason == headline
        assert (error.subsystem, error.provider, error.code) == (
            "resolution",
            "container",
            "BEAN_CREATION_RESOLUTION",
        )
        assert error.suggestions == []
        assert not isinstance(error, KeyError)

    def test_place_suggestions_and_remedies(self) -> None:
        error = NoSuchBeanError(
            bean_type=Repo, required_by="Service.__init__()", parameter="repo", suggestions=["Report"]
        )

        assert error.provider == "Service.__init__()"
        for part in (
            "Service.__init__()",
            "repo",
            "Report",
            "@component",
            "@service",
            "@bean",
            "scan_packages",
        ):
            assert part in str(error)


class TestNoUniqueBeanError:
    def test_names_type_candidates_and_remedies(self) -> None:
        error = NoUniqueBeanError(bean_type=Repo, candidates=[Fast, Slow], required_by="Service.repo")

        assert error.candidates == [Fast, Slow]
        assert error.code == "BEAN_CREATION_RESOLUTION"
        for part in ("Repo", "Fast", "Slow", "@primary", "Qualifier", "Service.repo"):
            assert part in str(error)


class TestBeanCurrentlyInCreationError:
    def test_draws_the_circle_and_proposes_ways_out(self) -> None:
        error = BeanCurrentlyInCreationError(chain=[Fast, Slow], current=Fast)

        assert (error.chain, error.current, error.provider) == ([Fast, Slow], Fast, "Fast")
        assert "Circular dependency: Fast -> Slow -> Fast" in str(error)
        assert "@post_construct" in str(error)
        assert "factory" in str(error)


@pytest.mark.parametrize(
    "error",
    [
        BeanCreationException("messaging", "KafkaBroker", "refused"),
        NoSuchBeanError(bean_type=Repo, required_by="Service.repo", suggestions=["Report"]),
        NoUniqueBeanError(bean_type=Repo, candidates=[Fast, Slow]),
        BeanCurrentlyInCreationError(chain=[Fast, Slow], current=Fast),
        WiringError([NoSuchBeanError(bean_type=Repo), NoSuchBeanError(bean_name="x")]),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_travel_between_processes(error: BeanCreationException) -> None:
    again = pickle.loads(pickle.dumps(error))

    assert type(again) is type(error)
    assert str(again) == str(error)


def test_wiring_error_numbers_its_problems() -> None:
    error = WiringError([NoSuchBeanError(bean_type=Repo), NoSuchBeanError(bean_name="x")])

    assert "2 problems" in str(error)
    assert "No bean of type 'Repo'" in str(error)
    assert "No bean named 'x'" in str(error)
