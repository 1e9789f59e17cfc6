# SPDX-License-Identifier: Apache-2.0
"""The container: definitions in, beans out."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from threading import RLock
from typing import Any, TypeVar

from pyfly.container._assembler import Assembler
from pyfly.container._catalog import Catalog
from pyfly.container._cleanups import Cleanups
from pyfly.container._linker import Linker
from pyfly.container._needs import BeanNeed, read_need
from pyfly.container._plans import Plans
from pyfly.container._scopes import ScopeStores
from pyfly.container.exceptions import BeanCreationException, NoSuchBeanError
from pyfly.container.lifecycle import BeanLifecycle
from pyfly.container.metrics import BeanMetrics
from pyfly.container.ordering import get_order
from pyfly.container.provider import BeanType
from pyfly.container.registry import Registration
from pyfly.container.types import Scope, ScopeHandler, ScopeSpec

T = TypeVar("T")


class Container:
    """Creates objects from their type hints and keeps them as long as their scopes say.

    Registering is possible at any time; each change makes the container compile its plans anew at their next
    use. Resolving is safe from any thread.
    """

    def __init__(self) -> None:
        self._catalog = Catalog()
        self._scopes = ScopeStores()
        self._cleanups = Cleanups()
        self._linker = Linker(self._catalog, self)
        self._assembler = Assembler(self._linker, self._scopes, self._cleanups)
        self._plans = Plans(self._linker, self._assembler, self._scopes)
        self._ready = self._plans.ready
        self._lock = RLock()

    def register(
        self, cls: type, scope: ScopeSpec = Scope.SINGLETON, condition: Any = None, name: str = ""
    ) -> None:
        """Register a class as a bean.

        Args:
            cls: Any class; its constructor is injected.
            scope: How long an instance lives, unless the class is marked with a scope.
            condition: Called without arguments when a context starts; a false result drops the bean.
            name: Name of the bean, unless the class is marked with one.
        """
        markers = vars(cls)
        self.add(
            Registration(
                cls,
                scope=getattr(cls, "__pyfly_scope__", scope),
                condition=condition or markers.get("__pyfly_condition__"),
                name=name or markers.get("__pyfly_bean_name__", ""),
                primary=bool(markers.get("__pyfly_primary__", False)),
                order=get_order(cls),
                lazy=bool(markers.get("__pyfly_lazy__", False)),
            )
        )

    def register_instance(self, cls: type, instance: Any, *, name: str = "") -> None:
        """Install a ready object as the singleton of a type; the caller stays its owner.

        Args:
            cls: The type; a class that was registered as it gives way.
            instance: The object.
            name: Name of the bean; that of the class which gives way when empty.
        """
        classes = [it for it in self._catalog.exact(cls) if it.impl_type is cls and it.method is None]
        if not name and len(classes) == 1:
            name = classes[0].name

        provided = () if type(instance) is cls or not isinstance(instance, cls) else (type(instance),)
        self.add(
            Registration(
                cls,
                instance=instance,
                name=name,
                primary=bool(vars(cls).get("__pyfly_primary__", False)),
                order=get_order(type(instance)),
                provided=provided,
                ready_made=True,
            )
        )

    def add(self, definition: Registration) -> None:
        """Add a definition made elsewhere."""
        with self._lock:
            self._catalog.add(definition)
            self._changed()

    def discard(self, definition: Registration, reason: str) -> None:
        """Remove a definition; errors about its types will tell the reason."""
        with self._lock:
            self._catalog.remove(definition, reason)
            self._changed()

    def leave_out(self, types: tuple[type, ...], label: str, reason: str) -> None:
        """Remember something that did not become a bean; errors about its types will tell the reason."""
        self._catalog.leave_out(types, label, reason)

    def bind(self, interface: type, implementation: type) -> None:
        """Make a class a candidate where an interface is asked for; repeated pairs are ignored."""
        with self._lock:
            self._catalog.bind(interface, implementation)
            self._changed()

    def bind_ports_of(self, cls: type) -> None:
        """Bind a class to every base that looks like a port: protocol, abstract, or of a ``ports`` module."""
        with self._lock:
            self._catalog.bind_ports_of(cls)
            self._changed()

    def resolve(self, cls: BeanType[T]) -> T:
        """Return the bean of a type.

        Any form of an injection point works: ``list[T]``, ``Annotated[T, Qualifier("n")]``, ``T | None``.

        Raises:
            NoSuchBeanError: Nothing provides the type, or something that it needs.
            NoUniqueBeanError: Several beans match and none is primary.
            BeanCurrentlyInCreationError: Beans need each other in a circle.
            BeanCreationException: The creation has to be awaited; use :meth:`aresolve`.
            RuntimeError: The bean's scope is not active.
        """
        try:
            plan = self._ready[cls]
        except KeyError:
            plan = self._plans.first(cls)

        bean: T = next(plan)
        return bean

    async def aresolve(self, cls: BeanType[T]) -> T:
        """Return the bean of a type, awaiting asynchronous factories and hooks on the way."""
        bean: T = await self._assembler.follow(self._linker.link_need(read_need(cls)), may_await=True)
        return bean

    def resolve_by_name(self, name: str, expected_type: type | None = None) -> Any:
        """Return the bean of a name.

        Raises:
            NoSuchBeanError: There is none, or it is not of the expected type.
        """
        definition = self._catalog.named(name)
        if definition is None:
            raise self._catalog.missing(BeanNeed(object, qualifier=name))

        bean = self.obtain(definition)
        if expected_type is not None and not _is_instance(bean, expected_type):
            raise NoSuchBeanError(
                bean_name=name,
                bean_type=expected_type,
                not_used=[
                    (definition.label, f"it is a '{type(bean).__name__}', not a '{expected_type.__name__}'")
                ],
            )

        return bean

    def resolve_all(self, cls: BeanType[T]) -> list[T]:
        """Return every bean of a type, by ``@order``, then by registration."""
        listed: Any = list[cls]  # type: ignore[valid-type]  # a hint made at run time
        beans: list[T] = self.resolve(listed)
        return beans

    async def aobtain(self, definition: Registration) -> Any:
        """Return the bean of one definition, awaiting asynchronous factories and hooks on the way."""
        return await self._assembler.obtain(definition, may_await=True)

    def obtain(self, definition: Registration) -> Any:
        """Return the bean of one definition."""
        asked: Any = definition
        return self.resolve(asked)

    def contains(self, name: str) -> bool:
        """Return whether a bean has this name."""
        return name in self._catalog.names

    def contains_type(self, cls: type) -> bool:
        """Return whether a bean is registered as exactly this type."""
        return bool(self._catalog.exact(cls))

    def get_registration(self, cls: type) -> Registration | None:
        """Return the definition of exactly this type: of several the primary one, else the last."""
        found = self._catalog.exact(cls)
        primaries = [definition for definition in found if definition.primary]
        return (primaries or found)[-1] if found else None

    def registered_types(self) -> list[type]:
        """Return every type that beans are registered as."""
        return self._catalog.types()

    def registrations(self) -> list[Registration]:
        """Return every definition, one per bean, in the order of registration."""
        return list(self._catalog.definitions)

    def registrations_of(self, cls: type) -> list[Registration]:
        """Return the definitions of a type: registered as it, bound to it, or declared as a subclass."""
        return self._catalog.nominal(cls)

    def holders_of(self, definition: Registration) -> list[Registration]:
        """Return the existing singletons that were injected with a bean, directly or through others."""
        return [holder for holder in self._linker.holders({definition}) if holder.instance is not None]

    def ingredients_of(self, definition: Registration) -> tuple[list[Registration], list[Any]]:
        """Return what a bean is made from.

        Returns:
            The definitions it needs, directly or through others, and the markers whose values it takes.

        Raises:
            BeanCreationException: An injection point cannot be satisfied.
        """
        return self._linker.ingredients(definition)

    def dependencies_of(self, definition: Registration) -> list[Registration]:
        """Return the beans that a bean is injected with, in the order of its injection points.

        Those behind a `Provider` or `Lazy` belong to them, and so does the configuration of a ``@bean``
        method. Nothing is created; an injection point that no bean satisfies is passed over.
        """
        return self._linker.injected(definition)

    def instances_of(self, cls: BeanType[T]) -> list[T]:
        """Return the singletons of a type that exist already; nothing is created."""
        kind: Any = cls
        existing = (it.instance for it in self._catalog.definitions if it.instance is not None)
        return [bean for bean in existing if isinstance(bean, kind)]

    def reset_instance(self, cls: type) -> Any | None:
        """Drop a singleton so that the next resolve makes it anew; return the old object, or ``None``."""
        definition = self.get_registration(cls)
        if definition is None:
            return None

        with self._lock:
            old, definition.instance, definition.absent = definition.instance, None, False
            self._changed()
            return old

    def replace_instance(self, definition: Registration, instance: Any) -> None:
        """Let another object take the place of a singleton from now on."""
        with self._lock:
            definition.instance = instance
            self._catalog.alias(definition, type(instance))
            self._changed()

    def register_scope(self, name: str, handler: ScopeHandler) -> None:
        """Add a custom scope.

        Raises:
            ValueError: The name is empty, not text, or a built-in scope's.
        """
        self._scopes.register(name, handler)

    def unregister_scope(self, name: str) -> None:
        """Remove a custom scope, if it is there."""
        self._scopes.unregister(name)

    def get_bean_metrics(self, cls: type) -> BeanMetrics | None:
        """Return what was measured about the bean of a type; ``None`` until it was first resolved."""
        self._plans.settle()
        found = self._catalog.candidates(BeanNeed(cls))
        return next((definition.metrics for definition in found if definition.metrics is not None), None)

    def get_all_metrics(self) -> dict[type, BeanMetrics]:
        """Return what was measured about every bean resolved so far."""
        self._plans.settle()
        return {
            definition.impl_type: definition.metrics
            for definition in self._catalog.definitions
            if definition.metrics is not None
        }

    def check(self, definitions: Iterable[Registration] | None = None) -> list[BeanCreationException]:
        """Check the graph without creating anything.

        Args:
            definitions: Where to start; everything they need is checked too. All definitions when omitted.

        Returns:
            Every finding: names taken twice, missing, ambiguous, circular and wrongly scoped beans, broken
            hints, unusable configuration values.
        """
        # Asked for once per start; importing the core does not need it.
        from pyfly.container._graph import GraphCheck

        starts = self.registrations() if definitions is None else definitions
        return [*self._catalog.clashes(), *GraphCheck(self._linker, self._scopes).problems(starts)]

    def override(self, replacements: Mapping[Any, Any]) -> AbstractContextManager[None]:
        """Replace beans inside a ``with`` block, and restore them after it.

        Singletons that hold a replaced bean are made anew inside the block, and the former ones are back
        after it.

        Args:
            replacements: By type: the object to use, or the class to make it from.
        """
        # Tests override, services do not.
        from pyfly.container._overrides import Overrides

        return Overrides(self._catalog, self._linker, self._changed, replacements)

    def use_lifecycle(self, lifecycle: BeanLifecycle) -> None:
        """Let a layer above complete each bean after its construction."""
        self._assembler.lifecycle = lifecycle
        self._changed()

    def allow_overriding(self, allowed: bool) -> None:
        """Let the last definition of a name win instead of refusing it."""
        self._catalog.overriding_names = allowed

    def end(self, key: str, bean: Any) -> Awaitable[None] | None:
        """Run what has to be done when a bean leaves a scope; the result has to be awaited if there is one.

        Args:
            key: The key under which the bean's scope kept it.
            bean: The bean.
        """
        lifecycle = self._assembler.lifecycle
        definition = next((it for it in self._catalog.definitions if it.key == key), None)
        ending = None if lifecycle is None or definition is None else lifecycle.ending(definition, bean)
        return self._cleanups.after(None if ending is None else ending(), bean)

    def release(self, bean: Any) -> Awaitable[None] | None:
        """Run what the generator factory of a bean has after its ``yield``.

        The result has to be awaited if there is one.
        """
        return self._cleanups.release(bean)

    def cleanups(self) -> list[tuple[str, Callable[[], Awaitable[None] | None]]]:
        """Return what generator factories have after their ``yield``, with labels, the last bean first.

        Each clean-up has to be called, and its result awaited if there is one.
        """
        return self._cleanups.steps()

    async def aclose(self) -> None:
        """Run the clean-ups of all generator factories, the last bean first."""
        await self._cleanups.release_all()

    def _changed(self) -> None:
        self._linker.forget()
        self._plans.forget()


def _is_instance(bean: Any, expected: type) -> bool:
    try:
        return isinstance(bean, expected)
    except TypeError:
        return True
