# SPDX-License-Identifier: Apache-2.0
"""Events inside one application: typed objects, delivered in process, one listener after the other."""

from collections.abc import Callable
from inspect import isawaitable
from typing import Any, NamedTuple, TypeVar, overload

from pyfly.container.ordering import get_order
from pyfly.context._listener_types import classes_in, parameter_hints

Listener = TypeVar("Listener", bound=Callable[..., Any])


class ApplicationEvent:
    """Base of the events that the framework publishes; your own may be of any class."""


class ContextRefreshedEvent(ApplicationEvent):
    """All beans are created, initialised and wired."""


class ApplicationReadyEvent(ApplicationEvent):
    """The application serves requests: its runners are done, its server listens."""


class ContextClosedEvent(ApplicationEvent):
    """The application is about to stop; every bean still works."""


class EnvironmentChangeEvent(ApplicationEvent):
    """Settings have other values than before; the beans that are bound to them have them already.

    Args:
        keys: The dotted keys that were changed, added or removed, sorted.
    """

    def __init__(self, keys: list[str]) -> None:
        self.keys = keys

    def __repr__(self) -> str:
        return f"{type(self).__name__}(keys={self.keys!r})"


class RefreshScopeRefreshedEvent(ApplicationEvent):
    """Configuration was read again and the refreshable beans were dropped.

    Args:
        refreshed: The keys of the beans that were dropped.
    """

    def __init__(self, refreshed: list[str]) -> None:
        self.refreshed = refreshed

    def __repr__(self) -> str:
        return f"{type(self).__name__}(refreshed={self.refreshed!r})"


class Subscription(NamedTuple):
    """A listener's place on the bus, for `ApplicationEventBus.unsubscribe`.

    Attributes:
        order: Lower is called first.
        number: Among equal orders, the earlier subscription is called first.
        event_types: The listener gets the instances of any of these.
        listener: What is called with the event.
        condition: When given, the listener is only called for the events it accepts.
    """

    order: int
    number: int
    event_types: tuple[type, ...]
    listener: Callable[..., Any]
    condition: Callable[[Any], bool] | None


class ApplicationEventBus:
    """Calls the listeners of an event, by the event's class.

    Delivery is sequential in the publisher's task: one order over all listeners that match, each awaited
    before the next. What a listener raises reaches the publisher and ends the delivery. Nothing is stored.
    """

    def __init__(self) -> None:
        self._subscriptions: tuple[Subscription, ...] = ()
        self._subscribed = 0
        self._structural = False
        self._table: dict[type, tuple[Subscription, ...]] = {}

    def subscribe(
        self,
        event_type: type | tuple[type, ...],
        listener: Callable[..., Any],
        *,
        owner_cls: type | None = None,
    ) -> Subscription:
        """Add a listener.

        A publication that is under way does not see it.

        Args:
            event_type: The class whose instances it gets; several classes as a tuple count as one
                subscription.
            listener: Called with the event; what it returns is awaited when it can be.
            owner_cls: The class whose ``@order`` applies, unless the listener has its own.

        Returns:
            The handle that `unsubscribe` takes.

        Raises:
            TypeError: An event type is no class that instances can be checked against.
        """
        order = getattr(listener, "__pyfly_order__", None)
        if order is None:
            order = 0 if owner_cls is None else get_order(owner_cls)

        subscription = Subscription(
            order=order,
            number=self._subscribed,
            event_types=_checked(event_type if isinstance(event_type, tuple) else (event_type,)),
            listener=listener,
            condition=getattr(listener, "__pyfly_event_condition__", None),
        )
        self._subscribed += 1
        self._replace((*self._subscriptions, subscription))
        return subscription

    def unsubscribe(self, subscription: Subscription) -> None:
        """Remove a listener; without effect when it is gone already.

        Args:
            subscription: What `subscribe` returned.
        """
        self._replace(tuple(it for it in self._subscriptions if it.number != subscription.number))

    async def publish(self, event: object) -> None:
        """Call every listener of the event, and stop at the first that fails.

        Args:
            event: Any object.

        Raises:
            Exception: Whatever a listener raised.
        """
        for subscription in self._matching(event):
            await _call(subscription, event)

    async def publish_to_all(self, event: object) -> list[Exception]:
        """Call every listener of the event, also after one that fails.

        Args:
            event: Any object.

        Returns:
            What the listeners raised, in the order of the calls.
        """
        failures: list[Exception] = []
        for subscription in self._matching(event):
            try:
                await _call(subscription, event)
            except Exception as failure:
                failures.append(failure)

        return failures

    def _replace(self, subscriptions: tuple[Subscription, ...]) -> None:
        self._subscriptions = tuple(sorted(subscriptions, key=lambda it: (it.order, it.number)))
        # A Protocol may match by attributes of the instance, so the class alone cannot decide.
        self._structural = any(
            getattr(cls, "_is_protocol", False) for it in subscriptions for cls in it.event_types
        )
        self._table = {}

    def _matching(self, event: object) -> tuple[Subscription, ...]:
        matching = self._table.get(type(event))
        if matching is None:
            matching = tuple(it for it in self._subscriptions if isinstance(event, it.event_types))
            if not self._structural:
                self._table[type(event)] = matching

        return matching


def _checked(event_types: tuple[type, ...]) -> tuple[type, ...]:
    for cls in event_types:
        try:
            isinstance(None, cls)
        except TypeError as failure:
            raise TypeError(f"{cls!r} cannot be the class of an event: {failure}") from None

    return event_types


async def _call(subscription: Subscription, event: object) -> None:
    if subscription.condition is not None and not subscription.condition(event):
        return

    outcome = subscription.listener(event)
    if outcome is not None and isawaitable(outcome):
        await outcome


class ApplicationEventPublisher:
    """What a bean injects to publish application events.

    Args:
        bus: Where the events go.
    """

    def __init__(self, bus: ApplicationEventBus) -> None:
        self._bus = bus

    async def publish(self, event: object) -> None:
        """Call every listener of the event, and stop at the first that fails.

        Args:
            event: Any object.

        Raises:
            Exception: Whatever a listener raised.
        """
        await self._bus.publish(event)


@overload
def app_event_listener(method: Listener, /) -> Listener: ...


@overload
def app_event_listener(
    *,
    event: type | tuple[type, ...] | None = None,
    condition: Callable[[Any], bool] | None = None,
    order: int | None = None,
) -> Callable[[Listener], Listener]: ...


def app_event_listener(
    method: Listener | None = None,
    /,
    *,
    event: type | tuple[type, ...] | None = None,
    condition: Callable[[Any], bool] | None = None,
    order: int | None = None,
) -> Listener | Callable[[Listener], Listener]:
    """Subscribe a method of a bean, sync or async, to application events.

    The first parameter annotated with a class says which events; ``A | B`` means both. Without one the method
    gets every `ApplicationEvent`. What the method returns is not published.

    Args:
        method: The method, when the decorator is used without parentheses.
        event: The event classes, instead of the parameter's.
        condition: Called with each event; the method only gets those it accepts.
        order: Lower is called first; instead of the ``@order`` of the method or its class.
    """

    def mark(target: Listener) -> Listener:
        attributes: dict[str, object] = {"__pyfly_app_event_listener__": True}
        if event is not None:
            attributes["__pyfly_event_types__"] = event if isinstance(event, tuple) else (event,)

        if condition is not None:
            attributes["__pyfly_event_condition__"] = condition

        if order is not None:
            attributes["__pyfly_order__"] = order

        for name, value in attributes.items():
            setattr(target, name, value)

        return target

    return mark if method is None else mark(method)


def listener_event_types(function: Callable[..., Any], owner: type) -> tuple[type, ...]:
    """Give the event classes that an ``@app_event_listener`` method listens for.

    Args:
        function: The method.
        owner: The class that has it.

    Raises:
        BeanCreationException: An annotation cannot be resolved.
    """
    declared: tuple[type, ...] | None = getattr(function, "__pyfly_event_types__", None)
    if declared is not None:
        return declared

    for hint in parameter_hints(function, owner):
        if types := classes_in(hint):
            return types

    return (ApplicationEvent,)
