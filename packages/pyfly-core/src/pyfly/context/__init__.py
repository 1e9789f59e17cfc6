# SPDX-License-Identifier: Apache-2.0
"""The application context: profiles, conditions, life cycle and events around the container."""

__all__ = [
    "ApplicationContext",
    "ApplicationEvent",
    "ApplicationEventBus",
    "ApplicationEventPublisher",
    "ApplicationReadyEvent",
    "BeanPostProcessor",
    "ConditionReport",
    "ContextClosedEvent",
    "ContextRefreshedEvent",
    "ContextRefresher",
    "ContextWirer",
    "Environment",
    "EnvironmentChangeEvent",
    "RefreshScopeRefreshedEvent",
    "RequestContext",
    "app_event_listener",
    "auto_configuration",
    "conditional_on_bean",
    "conditional_on_class",
    "conditional_on_expression",
    "conditional_on_missing_bean",
    "conditional_on_property",
    "conditional_on_resource",
    "conditional_on_single_candidate",
    "conditional_on_web_application",
    "post_construct",
    "pre_destroy",
]

from pyfly.context.application_context import ApplicationContext
from pyfly.context.condition_report import ConditionReport
from pyfly.context.conditions import (
    auto_configuration,
    conditional_on_bean,
    conditional_on_class,
    conditional_on_expression,
    conditional_on_missing_bean,
    conditional_on_property,
    conditional_on_resource,
    conditional_on_single_candidate,
    conditional_on_web_application,
)
from pyfly.context.environment import Environment
from pyfly.context.events import (
    ApplicationEvent,
    ApplicationEventBus,
    ApplicationEventPublisher,
    ApplicationReadyEvent,
    ContextClosedEvent,
    ContextRefreshedEvent,
    EnvironmentChangeEvent,
    RefreshScopeRefreshedEvent,
    app_event_listener,
)
from pyfly.context.lifecycle import post_construct, pre_destroy
from pyfly.context.post_processor import BeanPostProcessor
from pyfly.context.refresh import ContextRefresher
from pyfly.context.request_context import RequestContext
from pyfly.context.wiring import ContextWirer
