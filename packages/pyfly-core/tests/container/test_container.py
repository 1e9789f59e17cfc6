# SPDX-License-Identifier: Apache-2.0
from abc import ABC, abstractmethod
from typing import Protocol, runtime_checkable

import pytest

from pyfly.container import (
    BeanCreationException,
    Container,
    NoSuchBeanError,
    NoUniqueBeanError,
    Scope,
    order,
    primary,
    service,
)


class Port(ABC):
    @abstractmethod
    def name(self) -> str: ...


class Red(Port):
    def name(self) -> str:
        return "red"


class Blue(Port):
    def name(self) -> str:
        return "blue"


@primary
class Preferred(Port):
    def name(self) -> str:
        return "preferred"


@primary
class AlsoPreferred(Port):
    def name(self) -> str:
        return "also preferred"


@pytest.fixture
def container() -> Container:
    return Container()


class TestRegister:
    def test_any_class_works_even_a_builtin(self, container: Container) -> None:
        container.register(list)

        assert container.resolve(list) == []
        assert container.resolve(list) is container.resolve(list)

    def test_scope_marker_of_the_class_beats_the_argument(self, container: Container) -> None:
        @service(scope=Scope.TRANSIENT)
        class Marked: ...

        container.register(Marked, scope=Scope.SINGLETON)

        assert container.resolve(Marked) is not container.resolve(Marked)

    def test_scope_marker_set_by_hand_counts(self, container: Container) -> None:
        class Filter:
            __pyfly_scope__ = Scope.TRANSIENT

        container.register(Filter)

        assert container.resolve(Filter) is not container.resolve(Filter)

    def test_scope_and_order_are_inherited_but_name_and_primary_are_not(self, container: Container) -> None:
        @primary
        @order(7)
        @service(name="base", scope=Scope.TRANSIENT)
        class Base: ...

        class Child(Base): ...

        container.register(Base)
        container.register(Child)

        child = container.get_registration(Child)
        assert child is not None
        assert (child.name, child.primary, child.scope, child.order) == ("", False, Scope.TRANSIENT, 7)

    def test_name_comes_from_the_argument_or_the_marker_never_from_the_class(
        self, container: Container
    ) -> None:
        @service(name="marked")
        class Marked: ...

        container.register(Marked)
        container.register(Red, name="given")
        container.register(Blue)

        assert container.contains("marked")
        assert container.contains("given")
        assert not container.contains("blue")
        assert not container.contains("Blue")

    def test_same_class_and_name_again_replaces_and_forgets_the_instance(self, container: Container) -> None:
        container.register(Red)
        first = container.resolve(Red)

        container.register(Red)

        assert container.resolve(Red) is not first
        assert len(container.registrations()) == 1

    def test_two_beans_of_one_name_are_refused_with_both_named(self, container: Container) -> None:
        container.register(Red, name="colour")

        with pytest.raises(BeanCreationException) as caught:
            container.register(Blue, name="colour")

        assert "Red" in str(caught.value)
        assert "Blue" in str(caught.value)
        assert "'colour'" in str(caught.value)
        assert container.resolve_by_name("colour").name() == "red"

    def test_last_of_a_name_wins_where_that_is_allowed(self, container: Container) -> None:
        container.allow_overriding(True)
        container.register(Red, name="colour")

        container.register(Blue, name="colour")

        assert container.resolve_by_name("colour").name() == "blue"
        assert not container.contains_type(Red)


class TestRegisterInstance:
    def test_the_very_object_is_resolved_by_type_concrete_type_and_name(self, container: Container) -> None:
        given = Red()

        container.register_instance(Port, given, name="colour")

        assert container.resolve(Port) is given
        assert container.resolve(Red) is given
        assert container.resolve_by_name("colour") is given
        assert container.resolve_all(Port) == [given]

    def test_given_instance_is_the_singleton_whatever_the_class_is_marked_with(
        self, container: Container
    ) -> None:
        @service(scope=Scope.TRANSIENT)
        class Marked: ...

        given = Marked()
        container.register_instance(Marked, given)

        assert container.resolve(Marked) is given

    def test_replaces_a_registered_class(self, container: Container) -> None:
        container.register(Red)
        container.resolve(Red)
        given = Red()

        container.register_instance(Red, given)

        assert container.resolve(Red) is given

    def test_replaces_a_registered_class_under_its_name(self, container: Container) -> None:
        container.register(Red, name="red")
        given = Red()

        container.register_instance(Red, given)

        assert container.resolve(Red) is given
        assert container.resolve_by_name("red") is given
        assert container.resolve_all(Port) == [given]

    def test_several_under_names_of_their_own(self, container: Container) -> None:
        first, second = Red(), Red()
        container.register_instance(Red, first, name="first")
        container.register_instance(Red, second, name="second")

        assert container.resolve_all(Red) == [first, second]
        assert container.resolve_by_name("first") is first


class TestResolveByType:
    def test_exact_registration_comes_before_bindings(self, container: Container) -> None:
        class Base:
            pass

        class Child(Base):
            pass

        container.register(Child)
        container.bind(Base, Child)
        container.register(Base)

        assert type(container.resolve(Base)) is Base

    def test_one_bound_implementation_answers_for_its_interface(self, container: Container) -> None:
        container.register(Red)
        container.bind(Port, Red)
        container.bind(Port, Red)

        assert container.resolve(Port) is container.resolve(Red)
        assert len(container.resolve_all(Port)) == 1

    def test_nominal_subclass_answers_without_binding(self, container: Container) -> None:
        container.register(Red)

        assert container.resolve(Port) is container.resolve(Red)

    def test_object_has_no_subclasses(self, container: Container) -> None:
        container.register(Red)

        with pytest.raises(NoSuchBeanError):
            container.resolve(object)

    def test_structural_match_is_no_match(self, container: Container) -> None:
        @runtime_checkable
        class Named(Protocol):
            def name(self) -> str: ...

        container.register(Red)

        with pytest.raises(NoSuchBeanError):
            container.resolve(Named)

    def test_primary_wins_among_several(self, container: Container) -> None:
        for cls in (Red, Preferred, Blue):
            container.register(cls)

        assert type(container.resolve(Port)) is Preferred

    def test_several_without_primary_are_ambiguous(self, container: Container) -> None:
        container.register(Red)
        container.register(Blue)

        with pytest.raises(NoUniqueBeanError) as caught:
            container.resolve(Port)

        assert caught.value.candidates == [Red, Blue]
        assert caught.value.bean_type is Port

    def test_two_primaries_are_ambiguous(self, container: Container) -> None:
        for cls in (Red, Preferred, AlsoPreferred):
            container.register(cls)

        with pytest.raises(NoUniqueBeanError) as caught:
            container.resolve(Port)

        assert caught.value.candidates == [Preferred, AlsoPreferred]

    def test_bound_but_unregistered_implementation_is_no_bean(self, container: Container) -> None:
        container.bind(Port, Red)

        with pytest.raises(NoSuchBeanError) as caught:
            container.resolve(Port)

        assert caught.value.bean_type is Port
        assert not isinstance(caught.value, KeyError)

    def test_missing_bean_suggests_up_to_five_similar_names(self, container: Container) -> None:
        for index in range(8):
            container.register(type(f"OrderService{index}", (), {}))
        container.register(list)
        missing = type("OrderService", (), {})

        with pytest.raises(NoSuchBeanError) as caught:
            container.resolve(missing)

        assert len(caught.value.suggestions) == 5
        assert all(name.startswith("OrderService") for name in caught.value.suggestions)


class TestResolveByName:
    def test_gives_the_bean_of_the_name(self, container: Container) -> None:
        container.register(Red, name="red")

        assert container.resolve_by_name("red") is container.resolve(Red)
        assert container.resolve_by_name("red", Port) is container.resolve(Red)

    def test_unknown_name(self, container: Container) -> None:
        container.register(Red, name="red")

        with pytest.raises(NoSuchBeanError, match="No bean named 'rad' is registered") as caught:
            container.resolve_by_name("rad")

        assert "red" in caught.value.suggestions

    def test_bean_of_another_type(self, container: Container) -> None:
        container.register(Red, name="red")

        with pytest.raises(NoSuchBeanError) as caught:
            container.resolve_by_name("red", Blue)

        assert caught.value.bean_name == "red"
        assert "'Red', not a 'Blue'" in str(caught.value)

    def test_type_that_objects_cannot_be_checked_against_is_accepted(self, container: Container) -> None:
        class Unchecked(Protocol):
            def name(self) -> str: ...

        container.register(Red, name="red")

        assert container.resolve_by_name("red", Unchecked).name() == "red"


class TestResolveAll:
    def test_by_order_then_by_registration_each_once(self, container: Container) -> None:
        @order(-1)
        class First(Port):
            def name(self) -> str:
                return "first"

        @order(5)
        class Last(Port):
            def name(self) -> str:
                return "last"

        for cls in (Last, Red, Blue, First):
            container.register(cls)
            container.bind(Port, cls)

        assert [bean.name() for bean in container.resolve_all(Port)] == ["first", "red", "blue", "last"]

    def test_none(self, container: Container) -> None:
        assert container.resolve_all(Port) == []

    def test_transients_are_made_once_each(self, container: Container) -> None:
        made: list[object] = []

        class Counted(Port):
            def __init__(self) -> None:
                made.append(self)

            def name(self) -> str:
                return "counted"

        container.register(Counted, scope=Scope.TRANSIENT)
        container.bind(Port, Counted)

        beans = container.resolve_all(Port)

        assert beans == made
        assert len(made) == 1


class TestIntrospection:
    def test_by_exact_type(self, container: Container) -> None:
        container.register(Red)

        assert container.contains_type(Red)
        assert not container.contains_type(Port)
        assert container.get_registration(Port) is None
        registration = container.get_registration(Red)
        assert registration is not None
        assert registration.impl_type is Red

    def test_types_are_a_snapshot(self, container: Container) -> None:
        container.register(Red)
        types = container.registered_types()

        container.register(Blue)

        assert types == [Red]
        assert container.registered_types() == [Red, Blue]

    def test_live_instances_are_listed_without_creating_any(self, container: Container) -> None:
        container.register(Red)
        container.register(Blue)
        red = container.resolve(Red)

        assert container.instances_of(Port) == [red]

    def test_one_registration_per_bean(self, container: Container) -> None:
        container.register(Red)
        container.bind(Port, Red)
        container.register_instance(Blue, Blue(), name="blue")

        assert [it.display_name for it in container.registrations()] == ["Red", "blue"]


class TestResetInstance:
    def test_drops_the_singleton_and_returns_it(self, container: Container) -> None:
        container.register(Red)
        first = container.resolve(Red)

        assert container.reset_instance(Red) is first
        assert container.resolve(Red) is not first

    def test_unregistered_or_not_created_gives_none(self, container: Container) -> None:
        container.register(Red)

        assert container.reset_instance(Red) is None
        assert container.reset_instance(Blue) is None

    def test_next_resolve_goes_through_the_factory(self, container: Container) -> None:
        container.register(Red)
        registration = container.get_registration(Red)
        assert registration is not None
        made: list[Red] = []

        def factory() -> Red:
            made.append(Red())
            return made[-1]

        registration.factory = factory
        container.resolve(Red)
        container.reset_instance(Red)

        assert container.resolve(Red) is made[1]


class TestDiscard:
    def test_removes_the_bean_from_types_names_bindings_and_collections(self, container: Container) -> None:
        container.register(Red, name="red")
        container.bind(Port, Red)
        container.register(Blue, name="blue")
        container.bind(Port, Blue)
        red = container.get_registration(Red)
        assert red is not None

        container.discard(red, "profile: needs prod")

        assert type(container.resolve(Port)) is Blue
        assert not container.contains("red")
        assert container.resolve(dict[str, Port]).keys() == {"blue"}
        with pytest.raises(NoSuchBeanError, match="profile: needs prod"):
            container.resolve(Red)


def test_failed_creation_keeps_nothing_and_a_later_resolve_tries_again() -> None:
    attempts: list[int] = []

    class Moody:
        def __init__(self) -> None:
            attempts.append(len(attempts))
            if len(attempts) == 1:
                raise OSError("not yet")

    container = Container()
    container.register(Moody)

    with pytest.raises(OSError, match="not yet"):
        container.resolve(Moody)

    assert isinstance(container.resolve(Moody), Moody)
    assert attempts == [0, 1]
