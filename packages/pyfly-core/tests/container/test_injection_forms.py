# SPDX-License-Identifier: Apache-2.0
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Protocol

import pytest
from annotated_types import Ge

from pyfly.config.store import Config
from pyfly.config.value import Value
from pyfly.container import (
    Autowired,
    BeanCreationException,
    BeanCurrentlyInCreationError,
    Container,
    Lazy,
    NoSuchBeanError,
    NoUniqueBeanError,
    Provider,
    Qualifier,
    Scope,
    order,
)


class Repo: ...


class MemoryRepo(Repo): ...


class FileRepo(Repo): ...


class Missing: ...


def container_of(*classes: type, **named: type) -> Container:
    container = Container()
    for cls in classes:
        container.register(cls)

    for name, cls in named.items():
        container.register(cls, name=name)

    return container


def by_parameter(hint: Any) -> type:
    class Holder:
        def __init__(self, wanted: hint) -> None:
            self.wanted = wanted

    return Holder


def by_field(hint: Any) -> type:
    class Holder:
        wanted: hint = Autowired()

    return Holder


@pytest.fixture(params=[by_parameter, by_field])
def holder_of(request: pytest.FixtureRequest) -> Any:
    return request.param


class TestEveryFormInConstructorsAndFields:
    def test_plain_type(self, holder_of: Any) -> None:
        container = container_of(MemoryRepo, holder := holder_of(Repo))

        assert container.resolve(holder).wanted is container.resolve(MemoryRepo)

    def test_qualifier(self, holder_of: Any) -> None:
        container = container_of(
            holder := holder_of(Annotated[Repo, Qualifier("file")]), memory=MemoryRepo, file=FileRepo
        )

        assert type(container.resolve(holder).wanted) is FileRepo

    def test_qualifier_checks_the_type(self, holder_of: Any) -> None:
        container = container_of(holder := holder_of(Annotated[Missing, Qualifier("file")]), file=FileRepo)

        with pytest.raises(NoSuchBeanError) as caught:
            container.resolve(holder)

        assert caught.value.bean_name == "file"

    @pytest.mark.parametrize("hint", [dict[str, int], dict, Any, dict[str, int] | None])
    def test_qualified_collection_is_one_bean(self, holder_of: Any, hint: Any) -> None:
        container = container_of(holder := holder_of(Annotated[hint, Qualifier("limits")]))
        container.register_instance(dict, {"low": 1}, name="limits")

        assert container.resolve(holder).wanted == {"low": 1}

    def test_optional_without_candidate(self, holder_of: Any) -> None:
        container = container_of(holder := holder_of(Missing | None))

        assert container.resolve(holder).wanted is None

    def test_optional_with_candidate(self, holder_of: Any) -> None:
        container = container_of(MemoryRepo, holder := holder_of(Repo | None))

        assert container.resolve(holder).wanted is container.resolve(Repo)

    def test_optional_list(self, holder_of: Any) -> None:
        container = container_of(MemoryRepo, FileRepo, holder := holder_of(list[Repo] | None))

        assert [type(bean) for bean in container.resolve(holder).wanted] == [MemoryRepo, FileRepo]

    def test_optional_qualified(self, holder_of: Any) -> None:
        container = container_of(MemoryRepo, holder := holder_of(Annotated[Repo | None, Qualifier("gone")]))

        assert container.resolve(holder).wanted is None

    def test_list_is_ordered(self, holder_of: Any) -> None:
        @order(-5)
        class Early(Repo): ...

        container = container_of(MemoryRepo, Early, holder := holder_of(list[Repo]))

        assert [type(bean) for bean in container.resolve(holder).wanted] == [Early, MemoryRepo]

    @pytest.mark.parametrize(
        ("hint", "empty"),
        [
            (list[Repo], []),
            (set[Repo], set()),
            (frozenset[Repo], frozenset()),
            (tuple[Repo, ...], ()),
            (Sequence[Repo], []),
            (dict[str, Repo], {}),
            (Mapping[str, Repo], {}),
        ],
    )
    def test_empty_collections(self, holder_of: Any, hint: Any, empty: Any) -> None:
        container = container_of(holder := holder_of(hint))

        assert container.resolve(holder).wanted == empty

    @pytest.mark.parametrize("hint", [set[Repo], frozenset[Repo], tuple[Repo, ...], Sequence[Repo]])
    def test_filled_collections(self, holder_of: Any, hint: Any) -> None:
        container = container_of(MemoryRepo, FileRepo, holder := holder_of(hint))

        wanted = container.resolve(holder).wanted

        assert isinstance(wanted, hint.__origin__)
        assert {type(bean) for bean in wanted} == {MemoryRepo, FileRepo}

    @pytest.mark.parametrize("hint", [dict[str, Repo], Mapping[str, Repo]])
    def test_mapping_by_name_leaves_out_nameless_and_unrelated_beans(self, holder_of: Any, hint: Any) -> None:
        made: list[str] = []

        class Unrelated:
            def __init__(self) -> None:
                made.append("unrelated")

        container = container_of(MemoryRepo, holder := holder_of(hint), file=FileRepo, unrelated=Unrelated)

        wanted = container.resolve(holder).wanted

        assert {name: type(bean) for name, bean in wanted.items()} == {"file": FileRepo}
        assert made == []

    def test_provider_resolves_at_each_call(self, holder_of: Any) -> None:
        container = container_of(holder := holder_of(Provider[Repo]))
        container.register(MemoryRepo, scope=Scope.TRANSIENT)

        wanted = container.resolve(holder).wanted

        assert wanted.get() is not wanted.get()
        assert isinstance(wanted(), MemoryRepo)

    def test_provider_of_a_qualified_type(self, holder_of: Any) -> None:
        hint = Provider[Annotated[Repo, Qualifier("file")]]
        container = container_of(holder := holder_of(hint), memory=MemoryRepo, file=FileRepo)

        assert type(container.resolve(holder).wanted.get()) is FileRepo

    def test_lazy_resolves_at_the_first_call(self, holder_of: Any) -> None:
        container = container_of(holder := holder_of(Lazy[Repo]))
        wanted = container.resolve(holder).wanted
        container.register(MemoryRepo, scope=Scope.TRANSIENT)

        assert wanted() is wanted.get()

    @pytest.mark.parametrize("hint", [Any | None, type[Repo] | None])
    def test_what_no_bean_can_be_is_none_where_optional(self, holder_of: Any, hint: Any) -> None:
        container = container_of(MemoryRepo, holder := holder_of(hint))

        assert container.resolve(holder).wanted is None

    @pytest.mark.parametrize("hint", [Any, type, type[Repo]])
    def test_what_no_bean_can_be_is_missing(self, holder_of: Any, hint: Any) -> None:
        container = container_of(MemoryRepo, holder := holder_of(hint))

        with pytest.raises(NoSuchBeanError):
            container.resolve(holder)

    @pytest.mark.parametrize(
        ("hint", "value"),
        [
            (Annotated[int, Value("${shop.limit}")], 12),
            (Annotated[str, Value("${shop.limit}")], "12"),
            (Annotated[float, Value("${shop.rate}")], 0.5),
            (Annotated[bool, Value("${shop.open}")], True),
            (Annotated[str, Value("${shop.name:none}")], "none"),
        ],
    )
    def test_configuration_value(self, holder_of: Any, hint: Any, value: object) -> None:
        container = container_of(holder := holder_of(hint))
        container.register_instance(Config, Config({"shop": {"limit": "12", "rate": "0.5", "open": "yes"}}))

        assert container.resolve(holder).wanted == value


class TestDefaults:
    def test_used_where_there_is_no_candidate(self) -> None:
        class Holder:
            def __init__(self, missing: Missing = None, anything: Any = 3, text: str = "x") -> None:  # type: ignore[assignment]
                self.all = (missing, anything, text)

        assert container_of(Holder).resolve(Holder).all == (None, 3, "x")

    def test_plain_values_keep_theirs_even_where_a_bean_has_the_type(self) -> None:
        class Holder:
            def __init__(
                self, text: str = "x", number: int = 1, raw: bytes = b"", texts: Sequence[str] = ()
            ) -> None:
                self.all = (text, number, raw, texts)

        container = container_of(Holder)
        for kind, value in ((str, "bean"), (int, 7), (bytes, b"bean")):
            container.register_instance(kind, value)

        assert container.resolve(Holder).all == ("x", 1, b"", ())

    def test_plain_values_without_default_are_resolved(self) -> None:
        class Holder:
            def __init__(self, text: str) -> None:
                self.text = text

        container = container_of(Holder)
        container.register_instance(str, "bean")

        assert container.resolve(Holder).text == "bean"

    def test_do_not_hide_a_failing_creation(self) -> None:
        class Broken(Repo):
            def __init__(self) -> None:
                raise OSError("no disk")

        class Holder:
            def __init__(self, optional: Repo | None = None) -> None: ...

        with pytest.raises(OSError, match="no disk"):
            container_of(Broken, Holder).resolve(Holder)

    def test_do_not_hide_ambiguity(self) -> None:
        class Holder:
            def __init__(self, optional: Repo | None = None) -> None: ...

        with pytest.raises(NoUniqueBeanError) as caught:
            container_of(MemoryRepo, FileRepo, Holder).resolve(Holder)

        assert caught.value.parameter == "optional"

    def test_do_not_hide_what_a_candidate_is_missing(self) -> None:
        class Needy(Repo):
            def __init__(self, missing: Missing) -> None: ...

        class Holder:
            def __init__(self, optional: Repo | None = None) -> None: ...

        with pytest.raises(NoSuchBeanError) as caught:
            container_of(Needy, Holder).resolve(Holder)

        assert caught.value.bean_type is Missing

    def test_do_not_hide_a_circle(self) -> None:
        class Chicken: ...

        class Egg:
            def __init__(self, chicken: Chicken | None = None) -> None: ...

        class RealChicken(Chicken):
            def __init__(self, egg: Egg | None = None) -> None: ...

        with pytest.raises(BeanCurrentlyInCreationError):
            container_of(Egg, RealChicken).resolve(Egg)


class TestParameterKinds:
    def test_positional_only_keyword_only_and_variadic(self) -> None:
        class Holder:
            def __init__(self, first: MemoryRepo, /, *args: int, second: FileRepo, **more: str) -> None:
                self.all = (first, args, second, more)

        container = container_of(MemoryRepo, FileRepo, Holder)

        assert container.resolve(Holder).all == (
            container.resolve(MemoryRepo),
            (),
            container.resolve(FileRepo),
            {},
        )

    def test_unannotated_with_default_before_an_injected_one(self) -> None:
        class Holder:
            def __init__(self, size=3, repo: Repo | None = None) -> None:  # type: ignore[no-untyped-def]
                self.all = (size, repo)

        container = container_of(MemoryRepo, Holder)

        assert container.resolve(Holder).all == (3, container.resolve(Repo))

    def test_neither_annotation_nor_default(self) -> None:
        class Holder:
            def __init__(self, mystery) -> None: ...  # type: ignore[no-untyped-def]

        with pytest.raises(BeanCreationException, match=r"Holder\.__init__.*mystery"):
            container_of(Holder).resolve(Holder)

    def test_inherited_constructor(self) -> None:
        class Base:
            def __init__(self, repo: Repo) -> None:
                self.repo = repo

        class Child(Base): ...

        container = container_of(MemoryRepo, Child)

        assert container.resolve(Child).repo is container.resolve(Repo)

    def test_parameter_name_breaks_a_tie(self) -> None:
        class Holder:
            def __init__(self, file: Repo) -> None:
                self.file = file

        container = container_of(Holder, memory=MemoryRepo, file=FileRepo)

        assert type(container.resolve(Holder).file) is FileRepo


class TestFields:
    def test_inherited_ones_are_filled_and_overridden_ones_are_not(self) -> None:
        class Base:
            repo: Repo = Autowired()
            other: Repo = Autowired()

        class Child(Base):
            other = None  # type: ignore[assignment]

        child = container_of(MemoryRepo, Child).resolve(Child)

        assert isinstance(child.repo, MemoryRepo)
        assert child.other is None

    def test_qualifier_of_the_marker(self) -> None:
        class Holder:
            repo: Repo = Autowired(qualifier="file")

        container = container_of(Holder, memory=MemoryRepo, file=FileRepo)

        assert type(container.resolve(Holder).repo) is FileRepo

    def test_missing_and_not_required(self) -> None:
        class Holder:
            repo: Repo = Autowired(required=False)

        assert container_of(Holder).resolve(Holder).repo is None

    def test_missing_and_required_names_the_attribute(self) -> None:
        class Holder:
            repo: Repo = Autowired()

        with pytest.raises(NoSuchBeanError) as caught:
            container_of(Holder).resolve(Holder)

        assert caught.value.required_by == "Holder.repo"

    def test_value_is_coerced(self) -> None:
        class Holder:
            limit: int = Value("${shop.limit}")

        container = container_of(Holder)
        container.register_instance(Config, Config({"shop": {"limit": "12"}}))

        assert container.resolve(Holder).limit == 12

    def test_without_annotation(self) -> None:
        class Holder:
            repo = Autowired()

        with pytest.raises(BeanCreationException, match=r"Holder\.repo"):
            container_of(Holder).resolve(Holder)


class TestValues:
    def test_missing_key_uses_the_parameter_default(self) -> None:
        class Holder:
            def __init__(self, limit: Annotated[int, Value("${shop.limit}")] = 5) -> None:
                self.limit = limit

        container = container_of(Holder)
        container.register_instance(Config, Config({}))

        assert container.resolve(Holder).limit == 5

    def test_missing_key_names_key_and_place(self) -> None:
        class Holder:
            def __init__(self, limit: Annotated[int, Value("${shop.limit}")]) -> None: ...

        container = container_of(Holder)
        container.register_instance(Config, Config({}))

        with pytest.raises(BeanCreationException, match=r"Holder\.__init__.*limit.*shop\.limit"):
            container.resolve(Holder)

    def test_value_that_breaks_a_constraint(self) -> None:
        class Holder:
            def __init__(self, limit: Annotated[int, Value("${shop.limit}"), Ge(1)]) -> None: ...

        container = container_of(Holder)
        container.register_instance(Config, Config({"shop": {"limit": 0}}))

        with pytest.raises(BeanCreationException, match=r"limit.*expected an integer of at least 1, got 0"):
            container.resolve(Holder)

    def test_text_that_is_no_number(self) -> None:
        class Holder:
            def __init__(self, limit: Annotated[int, Value("${shop.limit}")]) -> None: ...

        container = container_of(Holder)
        container.register_instance(Config, Config({"shop": {"limit": "abc"}}))

        with pytest.raises(BeanCreationException, match=r"Holder\.__init__.*abc"):
            container.resolve(Holder)


class TestHints:
    def test_unknown_forward_reference(self) -> None:
        class Holder:
            def __init__(self, repo: "Nowhere") -> None: ...  # type: ignore[name-defined]  # noqa: F821

        with pytest.raises(BeanCreationException, match=r"Holder\.__init__") as caught:
            container_of(Holder).resolve(Holder)

        assert "'Nowhere'" in str(caught.value)
        assert "TYPE_CHECKING" in str(caught.value)

    def test_unknown_forward_reference_of_one_field_names_that_field(self) -> None:
        class Holder:
            good: Repo = Autowired()
            bad: "Nowhere" = Autowired()  # type: ignore[name-defined]  # noqa: F821

        with pytest.raises(BeanCreationException, match=r"Holder\.bad"):
            container_of(MemoryRepo, Holder).resolve(Holder)

    def test_missing_attribute_of_a_module(self) -> None:
        class Holder:
            def __init__(self, repo: "pytest.Nowhere") -> None: ...  # type: ignore[name-defined]

        with pytest.raises(BeanCreationException, match=r"Holder\.__init__.*repo.*Nowhere"):
            container_of(Holder).resolve(Holder)

    def test_text_that_is_no_expression(self) -> None:
        class Holder:
            def __init__(self, repo: "a repository") -> None: ...  # type: ignore[valid-type]  # noqa: F722

        with pytest.raises(BeanCreationException, match=r"Holder\.__init__"):
            container_of(Holder).resolve(Holder)

    def test_method_named_like_a_builtin_does_not_shadow_it(self) -> None:
        class Holder:
            def __init__(self, repos: "list[Repo]") -> None:
                self.repos = repos

            def list(self) -> None: ...

        assert len(container_of(MemoryRepo, Holder).resolve(Holder).repos) == 1

    def test_nested_class_is_found(self) -> None:
        class Holder:
            class Part: ...

            def __init__(self, part: "Part") -> None:
                self.part = part

        container = container_of(Holder.Part, Holder)

        assert isinstance(container.resolve(Holder).part, Holder.Part)

    def test_protocol_that_objects_cannot_be_checked_against(self) -> None:
        class Unchecked(Protocol):
            def find(self) -> str: ...

        class Finder(Unchecked):
            def find(self) -> str:
                return "found"

        class Holder:
            def __init__(self, one: Unchecked, many: list[Unchecked], named: dict[str, Unchecked]) -> None:
                self.found = [one, *many, *named.values()]

        container = container_of(Repo, Holder, finder=Finder, other=MemoryRepo)

        assert {type(bean) for bean in container.resolve(Holder).found} == {Finder}


class TestErrorPath:
    def test_root_error_names_the_innermost_point_and_shows_the_way(self) -> None:
        class Service:
            def __init__(self, repo: Repo) -> None: ...

        class Controller:
            def __init__(self, service: Service) -> None: ...

        with pytest.raises(NoSuchBeanError) as caught:
            container_of(Service, Controller).resolve(Controller)

        error = caught.value
        assert (error.bean_type, error.required_by, error.parameter) == (Repo, "Service.__init__()", "repo")
        assert "Controller -> Service -> Repo ???" in str(error)


class TestProvider:
    def test_get_if_available(self) -> None:
        container = container_of(MemoryRepo)

        assert Provider(container, Missing).get_if_available() is None
        assert Provider(container, Missing).get_if_available("fallback") == "fallback"
        assert Provider(container, Repo).get_if_available() is container.resolve(Repo)

    def test_get_all(self) -> None:
        container = container_of(MemoryRepo, FileRepo)

        assert [type(bean) for bean in Provider(container, Repo).get_all()] == [MemoryRepo, FileRepo]

    async def test_aget(self) -> None:
        container = container_of(MemoryRepo)

        assert await Provider(container, Repo).aget() is container.resolve(Repo)

    def test_breaks_a_circle(self) -> None:
        class Egg:
            def __init__(self, chicken: "Provider[Any]") -> None:
                self.chicken = chicken

        class Chicken:
            def __init__(self, egg: Egg) -> None:
                self.egg = egg

        class LaidEgg(Egg):
            def __init__(self, chicken: Provider[Chicken]) -> None:
                super().__init__(chicken)

        container = container_of(LaidEgg, Chicken)

        egg = container.resolve(Egg)

        assert egg.chicken.get().egg is egg
