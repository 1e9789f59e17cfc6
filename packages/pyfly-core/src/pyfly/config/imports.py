# SPDX-License-Identifier: Apache-2.0
"""How a distribution brings settings from elsewhere: importers of ``pyfly.config.import``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

__all__ = ["ConfigImporter", "ImportRequest", "ImportedSource", "ReadableConfig"]

T = TypeVar("T")


class ReadableConfig(Protocol):
    """What an importer may ask of a configuration; its methods are those of ``Config``."""

    @property
    def active_profiles(self) -> list[str]:
        """The active profiles, groups before their members."""

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value of a key as it applies."""

    def origin(self, key: str) -> str | None:
        """Tell where the value of a key comes from."""

    def effective_section(self, prefix: str) -> dict[str, Any]:
        """Return the settings under a prefix as they apply."""

    def resolve_placeholders(self, text: str) -> Any:
        """Fill in the placeholders of a text."""

    def bind(self, cls: type[T]) -> T:
        """Create an instance of a class that is marked with ``config_properties``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest:
    """What is to be imported, and for whom.

    Attributes:
        location: What follows the scheme, placeholders filled in. It may hold credentials.
        application: ``pyfly.cloud.config.name``, or else ``pyfly.app.name``.
        profiles: The active profiles; a later one is stronger than an earlier one. Empty when there are none.
        label: ``pyfly.cloud.config.label``, ``main`` when it is not set.
        optional: Whether the application starts without it. The importer raises all the same.
        directory: What a relative path is relative to.
        timeout: Seconds until the work is cancelled.
        configuration: The configuration so far: everything that the import will lie above, and the
            environment. It stays as it is.
    """

    location: str
    application: str
    profiles: tuple[str, ...]
    label: str
    optional: bool
    directory: Path
    timeout: float
    configuration: ReadableConfig


@dataclass(frozen=True, slots=True)
class ImportedSource:
    """One layer of imported settings.

    Attributes:
        name: How it is called in ``loaded_sources``; credentials within a URL are hidden there.
        data: The settings. A dotted key of the outermost level stands for nested ones, ``servers[0].url`` for
            an item of a list; where a value and a subtree meet, the subtree wins.
        lines: Line of each key, by dotted key, where there are lines.
    """

    name: str
    data: Mapping[str, Any]
    lines: Mapping[str, int] = field(default_factory=dict)


class ConfigImporter(Protocol):
    """Fetch settings from one kind of place.

    An entry point of the group ``pyfly.config_importers`` names a class that implements this protocol and is
    created without arguments. The name of the entry point is the scheme, in lower case: ``vault`` serves
    ``pyfly.config.import: vault:secret/shop``.

    Attributes:
        remote: Whether the place is reached over a network. Then ``pyfly.cloud.config.enabled: false`` leaves
            it out, and a failure at start is logged and the start goes on, unless
            ``pyfly.cloud.config.fail-fast`` is true. Otherwise every failure of an import that is not
            optional stops the start.
    """

    remote: bool = True

    async def load(self, request: ImportRequest) -> Sequence[ImportedSource]:
        """Fetch the settings.

        It runs to its end in a thread and an event loop of its own, and is called anew when the sources are
        read again; nothing that belongs to a loop may outlive the call. It is cancelled after
        ``request.timeout`` seconds.

        Args:
            request: What is to be fetched.

        Returns:
            The layers, lowest first; none when the place is there and has no settings for the application.

        Raises:
            Exception: The settings cannot be had. It reaches the caller as it is, if it stops the start.
        """
