# SPDX-License-Identifier: Apache-2.0
"""Why there is no web adapter to build an application with."""

from collections.abc import Sequence

from pyfly.config.errors import ConfigurationError


class UnknownWebAdapterError(ConfigurationError):
    """Report a web adapter that is not installed, or that there is none at all.

    Attributes:
        name: What ``pyfly.web.adapter`` says.
        installed: The names of the adapters that can be used here.
        source: Where it says so, or ``None``.
        action: What to do about it.
    """

    def __init__(self, name: str, installed: Sequence[str], source: str | None = None) -> None:
        known = ", ".join(installed)
        origin = f" (from {source})" if source else ""
        if name == "auto":
            problem = "no web adapter is installed"
        elif installed:
            problem = f"expected auto, none or an installed adapter ({known}), got {name!r}{origin}"
        else:
            problem = f"{name!r} is asked for{origin}, but no web adapter is installed"

        super().__init__(f"pyfly.web.adapter: {problem}")
        self.name = name
        self.installed = tuple(installed)
        self.source = source
        self.action = "Install one: pip install pyfly-web-starlette, or pip install pyfly-web-fastapi."
        if installed:
            self.action = f"Use auto or {known}, or install the distribution of the adapter {name!r}."

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.name, self.installed, self.source)


class WebAdapterDisabledError(ConfigurationError):
    """Report that a web application is built although ``pyfly.web.adapter`` says ``none``.

    Attributes:
        source: Where it says so, or ``None``.
        action: What to do about it.
    """

    def __init__(self, source: str | None = None) -> None:
        origin = f" (from {source})" if source else ""
        super().__init__(f"pyfly.web.adapter: it says 'none'{origin}, so no web application can be built")
        self.source = source
        self.action = "Set it to auto or to an installed adapter, or do not call create_app()."

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.source,)
