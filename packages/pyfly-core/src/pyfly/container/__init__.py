# SPDX-License-Identifier: Apache-2.0
"""The container: beans from type hints, compiled once, checked before the first one is made."""

__all__ = [
    "Autowired",
    "BeanCreationException",
    "BeanCurrentlyInCreationError",
    "BeanLifecycle",
    "Container",
    "HIGHEST_PRECEDENCE",
    "InjectionPointError",
    "LOWEST_PRECEDENCE",
    "Lazy",
    "NoSuchBeanError",
    "NoUniqueBeanError",
    "Provider",
    "Qualifier",
    "RefreshScope",
    "Scope",
    "ScopeHandler",
    "ScopeMismatchError",
    "WiringError",
    "bean",
    "component",
    "configuration",
    "controller",
    "controller_advice",
    "lazy",
    "order",
    "primary",
    "refresh_scope",
    "repository",
    "rest_controller",
    "service",
]

from pyfly.container.autowired import Autowired
from pyfly.container.bean import Qualifier, bean, primary
from pyfly.container.container import Container
from pyfly.container.exceptions import (
    BeanCreationException,
    BeanCurrentlyInCreationError,
    InjectionPointError,
    NoSuchBeanError,
    NoUniqueBeanError,
    ScopeMismatchError,
    WiringError,
)
from pyfly.container.lazy import Lazy, lazy
from pyfly.container.lifecycle import BeanLifecycle
from pyfly.container.ordering import HIGHEST_PRECEDENCE, LOWEST_PRECEDENCE, order
from pyfly.container.provider import Provider
from pyfly.container.refresh_scope import RefreshScope, refresh_scope
from pyfly.container.stereotypes import (
    component,
    configuration,
    controller,
    controller_advice,
    repository,
    rest_controller,
    service,
)
from pyfly.container.types import Scope, ScopeHandler
