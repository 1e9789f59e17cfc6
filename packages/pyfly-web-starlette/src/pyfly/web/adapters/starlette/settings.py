# SPDX-License-Identifier: Apache-2.0
"""What an application is made with: arguments of its factory first, then the configuration."""

from dataclasses import dataclass

from pyfly.config.errors import ConfigurationError
from pyfly.config.properties.request_limits import RequestLimitProperties
from pyfly.config.properties.web import WebProperties
from pyfly.config.store import Config
from pyfly.context.application_context import ApplicationContext
from pyfly.web.cors import CORSConfig


@dataclass(frozen=True, slots=True)
class HostSettings:
    """How an application is served.

    Attributes:
        title: Name of the application.
        version: Its version.
        description: What it is for.
        debug: Whether answers to unexpected errors show the exception.
        docs_enabled: Whether the documentation is served.
        cors: What other origins may do; ``None`` if nothing is said about them.
        max_body_size: The most bytes that a request body may have.
        properties: The settings of the web layer.
        limits: What is checked of every request.
    """

    title: str
    version: str
    description: str
    debug: bool
    docs_enabled: bool
    cors: CORSConfig | None
    max_body_size: int
    properties: WebProperties
    limits: RequestLimitProperties

    @classmethod
    def of(
        cls,
        context: ApplicationContext | None,
        *,
        title: str,
        version: str,
        description: str,
        debug: bool | None,
        docs_enabled: bool | None,
        actuator_enabled: bool | None,
        cors: CORSConfig | None,
        max_body_size: int | None,
    ) -> "HostSettings":
        """Fill in from the configuration what was left to it.

        Raises:
            BindingError: A setting of ``pyfly.web`` is wrong.
            ConfigurationError: Operational endpoints are asked for, and nothing installed has them.
        """
        config = Config({}) if context is None else context.config
        properties = config.bind(WebProperties)
        if properties.actuator.get("enabled", False) if actuator_enabled is None else actuator_enabled:
            raise ConfigurationError(
                "pyfly.web.actuator.enabled (or actuator_enabled=True) asks for operational endpoints, and no"
                " installed distribution has them: take the setting out"
            )

        return cls(
            title,
            version,
            description,
            properties.debug if debug is None else debug,
            properties.docs.get("enabled", True) if docs_enabled is None else docs_enabled,
            cors or CORSConfig.from_config(config),
            int(properties.max_body_size) if max_body_size is None else max_body_size,
            properties,
            config.bind(RequestLimitProperties),
        )
