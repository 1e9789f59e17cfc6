# SPDX-License-Identifier: Apache-2.0
"""The hook that lets a bean look at, or replace, all the others."""

from typing import Any, Protocol, runtime_checkable


@runtime_checkable
class BeanPostProcessor(Protocol):
    """Sees each bean before and after its ``@post_construct`` methods.

    Any bean with both methods is one; inheriting from this class is not needed. Several apply in ``@order``.
    """

    def before_init(self, bean: Any, bean_name: str) -> Any:
        """Handle a bean that is injected, but not yet initialised.

        Args:
            bean: The bean.
            bean_name: Its name, or its class's.

        Returns:
            The bean, or what replaces it.
        """
        ...

    def after_init(self, bean: Any, bean_name: str) -> Any:
        """Handle a bean whose ``@post_construct`` methods have run.

        Args:
            bean: The bean.
            bean_name: Its name, or its class's.

        Returns:
            The bean, or what replaces it.
        """
        ...


def is_post_processor(cls: type) -> bool:
    """Tell whether the beans of a class see the others."""
    return callable(getattr(cls, "before_init", None)) and callable(getattr(cls, "after_init", None))
