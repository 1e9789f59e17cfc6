# SPDX-License-Identifier: Apache-2.0
import importlib
from typing import Any

import pytest

import pyfly.container
import pyfly.context
from pyfly.container import (
    HIGHEST_PRECEDENCE,
    LOWEST_PRECEDENCE,
    Autowired,
    Provider,
    Qualifier,
    Scope,
    ScopeHandler,
    bean,
    lazy,
    order,
    primary,
    refresh_scope,
)
from pyfly.container import stereotypes as kinds
from pyfly.container.metrics import BeanMetrics
from pyfly.container.ordering import get_order
from pyfly.container.registry import Registration

STEREOTYPES = [
    "component",
    "service",
    "repository",
    "controller",
    "rest_controller",
    "configuration",
    "shell_component",
    "controller_advice",
]


class TestStereotypes:
    @pytest.mark.parametrize("kind", STEREOTYPES)
    def test_bare_and_called_mark_the_same_class(self, kind: str) -> None:
        stereotype: Any = getattr(kinds, kind)

        class Bare:
            """Kept."""

        class Called: ...

        condition = bool
        assert stereotype(Bare) is Bare
        decorate = stereotype(name="x", scope=Scope.TRANSIENT, profile="prod", condition=condition)
        assert decorate(Called) is Called
        assert (stereotype.__name__, stereotype.__qualname__) == (kind, kind)
        assert (Bare.__name__, Bare.__doc__) == ("Bare", "Kept.")
        bare: dict[str, Any] = {name: value for name, value in vars(Bare).items() if "pyfly" in name}
        called: dict[str, Any] = {name: value for name, value in vars(Called).items() if "pyfly" in name}
        assert bare == {
            "__pyfly_injectable__": True,
            "__pyfly_stereotype__": kind,
            "__pyfly_scope__": Scope.SINGLETON,
            "__pyfly_condition__": None,
        }
        assert called == {
            "__pyfly_injectable__": True,
            "__pyfly_stereotype__": kind,
            "__pyfly_scope__": Scope.TRANSIENT,
            "__pyfly_condition__": condition,
            "__pyfly_bean_name__": "x",
            "__pyfly_profile__": "prod",
        }

    def test_custom_scope_is_text(self) -> None:
        class Tenant: ...

        kinds.service(scope="tenant")(Tenant)

        assert vars(Tenant)["__pyfly_scope__"] == "tenant"


def test_bean_marks_its_function() -> None:
    @bean
    def bare() -> None: ...

    @bean(name="x", scope=Scope.REQUEST, primary=True, profile="prod")
    def called() -> None: ...

    assert vars(bare) == {"__pyfly_bean__": True, "__pyfly_bean_scope__": Scope.SINGLETON}
    assert vars(called) == {
        "__pyfly_bean__": True,
        "__pyfly_bean_scope__": Scope.REQUEST,
        "__pyfly_bean_name__": "x",
        "__pyfly_bean_primary__": True,
        "__pyfly_profile__": "prod",
    }


def test_class_decorators_mark_and_return_the_class() -> None:
    class Marked: ...

    assert primary(lazy(refresh_scope(order(3)(Marked)))) is Marked
    marks = {name: value for name, value in vars(Marked).items() if "pyfly" in name}
    assert marks == {
        "__pyfly_order__": 3,
        "__pyfly_scope__": "refresh",
        "__pyfly_lazy__": True,
        "__pyfly_primary__": True,
    }


def test_order_is_zero_by_default_and_inherited() -> None:
    @order(-4)
    class Base: ...

    class Child(Base): ...

    assert (get_order(Child), get_order(str)) == (-4, 0)
    assert (HIGHEST_PRECEDENCE, LOWEST_PRECEDENCE) == (-(2**31), 2**31 - 1)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (Autowired(), "Autowired()"),
        (Autowired(qualifier="x"), "Autowired(qualifier='x')"),
        (Autowired(required=False), "Autowired(required=False)"),
        (Autowired(qualifier="x", required=False), "Autowired(qualifier='x', required=False)"),
    ],
)
def test_autowired_shows_its_facts(field: Any, text: str) -> None:
    assert repr(field) == text
    assert isinstance(field, Autowired)


def test_qualifier_has_a_name_and_nothing_else() -> None:
    qualifier: Any = Qualifier("x")

    assert qualifier.name == "x"
    with pytest.raises(AttributeError):
        qualifier.other = 1


def test_scope_handler_is_checked_by_its_methods() -> None:
    class Handler:
        def get(self, name: str, object_factory: Any) -> Any: ...

        def remove(self, name: str) -> Any: ...

    assert isinstance(Handler(), ScopeHandler)
    assert not isinstance(object(), ScopeHandler)


def test_metrics_start_at_nothing() -> None:
    assert BeanMetrics() == BeanMetrics(creation_time_ns=0, resolution_count=0, created_at=None)


class TestRegistration:
    def test_fields_come_in_order(self) -> None:
        registration = Registration(str, Scope.TRANSIENT, bool, "made", "name", True, str)

        assert (registration.impl_type, registration.scope, registration.condition) == (
            str,
            Scope.TRANSIENT,
            bool,
        )
        assert (registration.instance, registration.name, registration.primary, registration.factory) == (
            "made",
            "name",
            True,
            str,
        )

    @pytest.mark.parametrize(
        ("kind", "name", "shown"),
        [(int, "given", "given"), (int, "", "int"), (int | str, "", "int | str"), (3, "", "3")],
    )
    def test_display_name_never_fails(self, kind: Any, name: str, shown: str) -> None:
        assert Registration(kind, name=name).display_name == shown


@pytest.mark.parametrize(
    ("module", "names"),
    [
        ("container.container", ["Container"]),
        ("container.stereotypes", STEREOTYPES),
        ("container.bean", ["bean", "primary", "Qualifier"]),
        ("container.autowired", ["Autowired"]),
        ("container.lazy", ["lazy"]),
        ("container.ordering", ["order", "get_order", "HIGHEST_PRECEDENCE", "LOWEST_PRECEDENCE"]),
        ("container.provider", ["Provider"]),
        ("container.types", ["Scope", "ScopeSpec", "ScopeHandler", "scope_name"]),
        ("container.registry", ["Registration"]),
        ("container.metrics", ["BeanMetrics"]),
        ("container.refresh_scope", ["REFRESH_SCOPE_NAME", "RefreshScope", "refresh_scope"]),
        ("container.scanner", ["scan_package", "scan_module_classes"]),
        (
            "container.exceptions",
            ["BeanCreationException", "NoSuchBeanError", "NoUniqueBeanError", "BeanCurrentlyInCreationError"],
        ),
        ("context.application_context", ["ApplicationContext"]),
        ("context.condition_evaluator", ["ConditionEvaluator"]),
        ("context.environment", ["Environment"]),
        ("context.lifecycle", ["post_construct", "pre_destroy"]),
        ("context.post_processor", ["BeanPostProcessor"]),
        ("context.refresh", ["ContextRefresher"]),
        ("context.request_context", ["RequestContext", "HTTP_SESSION_KEY"]),
    ],
)
def test_names_have_a_home_of_their_own(module: str, names: list[str]) -> None:
    home = importlib.import_module(f"pyfly.{module}")

    assert [name for name in names if not hasattr(home, name)] == []


@pytest.mark.parametrize("package", [pyfly.container, pyfly.context])
def test_contents_page_is_complete(package: Any) -> None:
    assert [name for name in package.__all__ if not hasattr(package, name)] == []


def test_provider_takes_a_container_and_a_type() -> None:
    from pyfly.container import Container

    container = Container()
    container.register_instance(str, "text")

    assert Provider(container, str).get() == "text"
    assert Provider(container, str)() == "text"
