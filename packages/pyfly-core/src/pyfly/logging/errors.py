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
        source: Where it says so, None when unknown.
    """

    def __init__(self, name: str, installed: Sequence[str], source: str | None = None) -> None:
        known = ", ".join(installed)
        origin = f" (from {source})" if source else ""
        super().__init__(
            f"pyfly.logging.adapter: expected auto or an installed adapter ({known}), got {name!r}{origin}"
        )
        self.name = name
        self.installed = tuple(installed)
        self.source = source
        self.action = f"Use auto, {known}, or install the distribution of the adapter {name!r}."

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.name, self.installed, self.source)
