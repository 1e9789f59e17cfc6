# SPDX-License-Identifier: Apache-2.0
"""Background work as a bean."""

from pyfly.config.errors import ConfigurationError
from pyfly.config.properties.context import ContextProperties
from pyfly.config.properties.web_background import BackgroundProperties
from pyfly.config.store import Config
from pyfly.container.bean import bean
from pyfly.context.conditions import (
    auto_configuration,
    conditional_on_missing_bean,
    conditional_on_property,
)
from pyfly.web.background.work import BackgroundWork


@auto_configuration
@conditional_on_property("pyfly.web.enabled", match_if_missing=True)
class BackgroundAutoConfiguration:
    """Provide background work, unless the application has its own."""

    @bean
    @conditional_on_missing_bean(BackgroundWork)
    def background_work(self, config: Config) -> BackgroundWork:
        """Make the owner of background work."""
        properties = config.bind(BackgroundProperties)
        return BackgroundWork(
            max_concurrent=properties.max_concurrent,
            max_pending=properties.max_pending,
            drain_timeout=_drain_timeout(properties, config),
        )


def _drain_timeout(properties: BackgroundProperties, config: Config) -> float:
    step = config.bind(ContextProperties).shutdown_timeout
    wanted = properties.drain_timeout
    if wanted is None:
        return step.total_seconds() * 2 / 3

    if wanted >= step:
        raise ConfigurationError(
            f"pyfly.web.background.drain-timeout: expected less than pyfly.context.shutdown-timeout, which is"
            f" {step.total_seconds():g}s, got {wanted.total_seconds():g}s"
        )

    return wanted.total_seconds()
