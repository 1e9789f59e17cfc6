# SPDX-License-Identifier: Apache-2.0
"""What a class wants done with its instances, read once per class."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple
from weakref import WeakKeyDictionary


class Hooks(NamedTuple):
    """The hooks of a class: names of methods, those of its bases first.

    Attributes:
        post_construct: Called after injection.
        pre_destroy: Called when the bean leaves its scope.
        listeners: Subscribed to application events.
        lifecycle: Whether the class has both ``start`` and ``stop``.
        phase: When it starts among others; lower is earlier.
    """

    post_construct: tuple[str, ...]
    pre_destroy: tuple[str, ...]
    listeners: tuple[str, ...]
    lifecycle: bool
    phase: int

    @property
    def none(self) -> bool:
        return not (self.post_construct or self.pre_destroy or self.listeners or self.lifecycle)


_known: Final[WeakKeyDictionary[type, Hooks]] = WeakKeyDictionary()


def hooks_of(cls: type) -> Hooks:
    """Read the hooks of a class."""
    found = _known.get(cls)
    if found is None:
        found = _known[cls] = _read(cls)

    return found


def _read(cls: type) -> Hooks:
    members = _members_of(cls)
    lifecycle = _is_method(cls, "start") and _is_method(cls, "stop")
    return Hooks(
        post_construct=tuple(_marked(members, "__pyfly_post_construct__")),
        pre_destroy=tuple(_marked(members, "__pyfly_pre_destroy__")),
        listeners=tuple(
            name for name in _marked(members, "__pyfly_app_event_listener__") if not name.startswith("_")
        ),
        lifecycle=lifecycle,
        phase=_phase_of(cls) if lifecycle else 0,
    )


def method_of(cls: type, name: str) -> Callable[..., Any]:
    """Return a method of a class as the plain function."""
    member = inspect.getattr_static(cls, name)
    function: Callable[..., Any] = getattr(member, "__func__", member)
    return function


def _members_of(cls: type) -> dict[str, Any]:
    """Return what a class and its bases define: those of bases first, each as the class has it."""
    members: dict[str, Any] = {}
    for klass in reversed(cls.__mro__[:-1]):
        members.update(vars(klass))

    return members


def _marked(members: Mapping[str, Any], marker: str) -> Iterator[str]:
    for name, member in members.items():
        if getattr(getattr(member, "__func__", member), marker, False) is True and not isinstance(
            member, type
        ):
            yield name


def _is_method(cls: type, name: str) -> bool:
    member = inspect.getattr_static(cls, name, None)
    return (
        member is not None
        and any(name in vars(klass) for klass in cls.__mro__)
        and callable(getattr(cls, name))
    )


def _phase_of(cls: type) -> int:
    phase = inspect.getattr_static(cls, "phase", 0)
    return phase if isinstance(phase, int) else 0
