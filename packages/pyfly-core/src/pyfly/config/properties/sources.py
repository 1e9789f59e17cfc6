# SPDX-License-Identifier: Apache-2.0
"""Where settings come from: ``pyfly.config.*``, ``pyfly.cloud.config.*``."""

from dataclasses import dataclass, field
from datetime import timedelta

from pyfly.config.binding import config_properties


@dataclass
class ActivateProperties:
    """Say when a document of a file applies, ``pyfly.config.activate.*``.

    Attributes:
        on_profile: Profile expressions, one of which holds where the document applies; empty for everywhere.
    """

    on_profile: list[str] | str = field(default_factory=list)


@config_properties(prefix="pyfly.config")
@dataclass
class ConfigProperties:
    """Put the configuration together.

    Attributes:
        import_: Files, folders and servers that further settings come from; ``optional:`` before one of them
            allows for its absence.
        activate: When a document of a file applies.
        strict: Whether a key that does not exist stops the start; ``false`` for a warning.
    """

    import_: list[str] | str = field(default_factory=list)
    activate: ActivateProperties = field(default_factory=ActivateProperties)
    strict: bool = True


@config_properties(prefix="pyfly.cloud.config")
@dataclass
class CloudConfigProperties:
    """Import settings over a network.

    Attributes:
        enabled: Whether anything is imported over a network.
        uri: Address of a configuration server, or of several that stand in for each other; None for none.
        name: The application that settings are asked for; None for ``pyfly.app.name``.
        label: Which version of the settings is asked for.
        fail_fast: Whether a failure stops the start.
        timeout: How long one import may take.
    """

    enabled: bool = True
    uri: str | list[str] | None = None
    name: str | None = None
    label: str = "main"
    fail_fast: bool = False
    timeout: timedelta = timedelta(seconds=10)
