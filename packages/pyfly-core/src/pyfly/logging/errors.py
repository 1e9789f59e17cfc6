# SPDX-License-Identifier: Apache-2.0
"""What can be wrong with the configuration of logging."""

from collections.abc import Sequence

from pyfly.config.errors import ConfigurationError

__all__ = ["UnknownLoggingAdapterError"]


class UnknownLoggingAdapterError(ConfigurationError):
    """Report a logging adapter that is not installed, or that cannot be used here.

    Args:
        name: What ``pyfly.logging.adapter`` says.
        installed: The names of the adapters that can be used.
        reason: Why this one cannot; empty when it is not installed.
    """

    def __init__(self, name: str, installed: Sequence[str], reason: str = "") -> None:
        known = ", ".join(installed)
        because = f" ({reason})" if reason else ""
        super().__init__(
            f"pyfly.logging.adapter: expected auto or an installed adapter ({known}), got {name!r}{because}"
        )
        self.name = name
        self.installed = tuple(installed)
        self.reason = reason
        self.action = (
            f"Use auto, {', '.join(installed)}, or install the distribution of the adapter {name!r}."
        )

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.name, self.installed, self.reason)
