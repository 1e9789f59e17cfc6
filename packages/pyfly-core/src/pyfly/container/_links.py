# SPDX-License-Identifier: Apache-2.0
"""Links: what injection points lead to."""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

from pyfly.container._points import InjectionPoint
from pyfly.container.registry import Registration


class ConstantLink(NamedTuple):
    """A value known when the link is made: a default, ``None``, or a deferred handle."""

    value: Any


class SuppliedLink(NamedTuple):
    """A value that a marker supplies at each creation."""

    supply: Callable[[], Any]


class BeanLink(NamedTuple):
    """One bean. ``otherwise`` answers when its factory decided that there is no bean."""

    definition: Registration
    otherwise: Callable[[], Any]


class GatherLink(NamedTuple):
    """Several beans, put together by ``build``, which gets those that exist with their definitions."""

    definitions: tuple[Registration, ...]
    build: Callable[[list[tuple[Registration, Any]]], Any]


class PendingLink(NamedTuple):
    """A concrete class that a ``@bean`` method declared as something wider may turn out to produce."""

    definitions: tuple[Registration, ...]
    again: Callable[[], "Link"]
    otherwise: Callable[[], Any]


Link: TypeAlias = ConstantLink | SuppliedLink | BeanLink | GatherLink | PendingLink


def dependencies(link: Link) -> tuple[Registration, ...]:
    """Return the definitions that a link needs at the moment of injection."""
    if isinstance(link, BeanLink):
        return (link.definition,)

    return link.definitions if isinstance(link, (GatherLink, PendingLink)) else ()


class Wiring(NamedTuple):
    """How one definition gets its collaborators: a link per parameter and per attribute."""

    parameters: tuple[tuple[InjectionPoint, Link], ...]
    fields: tuple[tuple[InjectionPoint, Link], ...]

    @property
    def links(self) -> tuple[tuple[InjectionPoint, Link], ...]:
        return self.parameters + self.fields
