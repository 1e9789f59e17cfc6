# SPDX-License-Identifier: Apache-2.0
"""Which beans are being made by the present chain of calls."""

from contextvars import ContextVar
from dataclasses import dataclass

from pyfly.container.exceptions import BeanCurrentlyInCreationError
from pyfly.container.registry import Registration


@dataclass(slots=True, eq=False)
class Step:
    """A bean that is being made; tasks that its making has started keep the step, and see when it is over."""

    definition: Registration
    over: bool = False


PATH: ContextVar[tuple[Step, ...]] = ContextVar("pyfly_bean_creation_path", default=())


def being_made() -> tuple[Registration, ...]:
    """Return the beans whose making is not over, the outermost first."""
    return tuple(step.definition for step in PATH.get() if not step.over)


def circle(definition: Registration) -> BeanCurrentlyInCreationError:
    """Describe the circle that a bean closes by being asked for while it is being made."""
    path = being_made()
    chain = [step.impl_type for step in path[path.index(definition) :]]
    return BeanCurrentlyInCreationError(chain=chain, current=definition.impl_type)
