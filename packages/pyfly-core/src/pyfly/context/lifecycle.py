# SPDX-License-Identifier: Apache-2.0
"""Hooks of a bean's life: after its injection, before its end."""

from collections.abc import Callable
from typing import Any, TypeVar

Hook = TypeVar("Hook", bound=Callable[..., Any])


def post_construct(method: Hook) -> Hook:
    """Run a method, sync or async, once its bean is built and injected.

    A class may have several. A failing one stops the start of the application.
    """
    setattr(method, "__pyfly_post_construct__", True)
    return method


def pre_destroy(method: Hook) -> Hook:
    """Run a method, sync or async, when its bean leaves its scope.

    A class may have several. A failing one is logged and does not keep the others from running. Transient beans
    have no end that the container could see, so it never runs for them.
    """
    setattr(method, "__pyfly_pre_destroy__", True)
    return method
