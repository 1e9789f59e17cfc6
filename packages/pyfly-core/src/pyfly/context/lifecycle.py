# SPDX-License-Identifier: Apache-2.0
"""Hooks of a bean's life: after its injection, before its end."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

_POST_CONSTRUCT: Final = "__pyfly_post_construct__"
_PRE_DESTROY: Final = "__pyfly_pre_destroy__"

Hook = TypeVar("Hook", bound=Callable[..., Any])


def post_construct(method: Hook) -> Hook:
    """Run a method, sync or async, once its bean is built and injected.

    A class may have several. A failing one stops the start of the application.
    """
    setattr(method, _POST_CONSTRUCT, True)
    return method


def pre_destroy(method: Hook) -> Hook:
    """Run a method, sync or async, when its bean leaves its scope.

    A class may have several. A failing one is logged and does not keep the others from running. Transient
    beans have no end that the container could see, so it never runs for them.
    """
    setattr(method, _PRE_DESTROY, True)
    return method
