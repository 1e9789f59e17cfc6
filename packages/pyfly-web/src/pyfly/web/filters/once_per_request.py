# SPDX-License-Identifier: Apache-2.0
"""The usual base of an application's own filters."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from fnmatch import translate
from functools import lru_cache
from typing import Any

from pyfly.web.ports.filter import CallNext, WebFilter


class OncePerRequestFilter(WebFilter, ABC):
    """A filter that runs for the paths it names, once per request.

    Patterns are those of the shell (``*`` crosses slashes, ``?``, ``[a-z]``). They are matched against the
    path of the ASGI scope, percent-decoded: the one that routing sees too, never one rebuilt from headers.
    They may be set on the class or on an instance.

    Attributes:
        url_patterns: Paths it runs for; empty for all.
        exclude_patterns: Paths it never runs for.
    """

    url_patterns: list[str] = []  # noqa: RUF012  # instances may have their own, so it is no ClassVar
    exclude_patterns: list[str] = []  # noqa: RUF012

    @abstractmethod
    async def do_filter(self, request: Any, call_next: CallNext) -> Any:
        """Handle a request; see `pyfly.web.ports.filter.WebFilter`."""

    def should_not_filter(self, request: Any) -> bool:
        """Tell whether the patterns leave the path of a request out."""
        if not self.url_patterns and not self.exclude_patterns:
            return False

        path = path_of(request)
        if self.url_patterns and not _matcher(tuple(self.url_patterns)).match(path):
            return True

        return bool(self.exclude_patterns) and _matcher(tuple(self.exclude_patterns)).match(path) is not None


def path_of(request: Any) -> str:
    """Return the path of a request as the server has decoded it."""
    scope = getattr(request, "scope", None)
    path = request.url.path if scope is None else scope["path"]
    return str(path)


@lru_cache(maxsize=512)
def _matcher(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{translate(pattern)})" for pattern in patterns))
