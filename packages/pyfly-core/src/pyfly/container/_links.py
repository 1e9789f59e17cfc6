# SPDX-License-Identifier: Apache-2.0
"""Links: what injection points lead to."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from pyfly.container._needs import BeanNeed
from pyfly.container._points import InjectionPoint
from pyfly.container.registry import Registration


@dataclass(frozen=True, slots=True, eq=False)
class ConstantLink:
    """A value known when the link is made: a default, ``None``, or a deferred handle."""

    value: Any


@dataclass(frozen=True, slots=True, eq=False)
class SuppliedLink:
    """A value that a marker supplies at each creation."""

    supply: Callable[[], Any]


@dataclass(frozen=True, slots=True, eq=False)
class BeanLink:
    """One bean. ``otherwise`` answers when its factory decided that there is no bean."""

    definition: Registration
    otherwise: Callable[[], Any]


@dataclass(frozen=True, slots=True, eq=False)
class GatherLink:
    """Several beans, put together by ``build``, which gets those that exist with their definitions."""

    definitions: tuple[Registration, ...]
    build: Callable[[list[tuple[Registration, Any]]], Any]


@dataclass(frozen=True, slots=True, eq=False)
class PendingLink:
    """A concrete class that a ``@bean`` method declared as something wider may turn out to produce."""

    need: BeanNeed
    definitions: tuple[Registration, ...]
    again: Callable[[], "Link"]


Link: TypeAlias = ConstantLink | SuppliedLink | BeanLink | GatherLink | PendingLink


def dependencies(link: Link) -> tuple[Registration, ...]:
    """Return the definitions that a link needs at the moment of injection."""
    if isinstance(link, BeanLink):
        return (link.definition,)

    return link.definitions if isinstance(link, (GatherLink, PendingLink)) else ()


@dataclass(frozen=True, slots=True, eq=False)
class Wiring:
    """How one definition gets its collaborators: a link per parameter and per attribute."""

    parameters: tuple[tuple[InjectionPoint, Link], ...]
    fields: tuple[tuple[InjectionPoint, Link], ...]

    @property
    def links(self) -> tuple[tuple[InjectionPoint, Link], ...]:
        return self.parameters + self.fields
