# SPDX-License-Identifier: Apache-2.0
"""What this distribution adds to an application by being installed; adapters bring their own."""

from pyfly.config.store import Config
from pyfly.container.bean import bean
from pyfly.context.conditions import (
    auto_configuration,
    conditional_on_missing_bean,
    conditional_on_property,
)
from pyfly.web.adapter_selection import AUTO, NONE, installed_adapters, requested_adapter, select_adapter
from pyfly.web.converters import ExceptionConverter, ExceptionConverterService, default_exception_converters
from pyfly.web.mapping_summary import MappingSummary
from pyfly.web.ports.outbound import WebServerPort

_AFTER_THE_ADAPTERS = 2000


@auto_configuration
@conditional_on_property("pyfly.web.enabled", match_if_missing=True)
class WebAutoConfiguration:
    """Provide what all web adapters share, unless the application has its own."""

    @bean
    @conditional_on_missing_bean(ExceptionConverterService)
    def exception_converter_service(self, converters: list[ExceptionConverter]) -> ExceptionConverterService:
        """Translate foreign exceptions by the built-in converters, then by those of the application."""
        return ExceptionConverterService([*default_exception_converters(), *converters])

    @bean
    def mapping_summary(self) -> MappingSummary:
        """Tell the log of the start which endpoints there are."""
        return MappingSummary()


@auto_configuration(order=_AFTER_THE_ADAPTERS)
@conditional_on_property("pyfly.web.enabled", match_if_missing=True)
@conditional_on_missing_bean(WebServerPort)
class WebAdapterAutoConfiguration:
    """Provide the web adapter that no other auto-configuration provides.

    Each adapter that comes with PyFly brings its own auto-configuration, ordered before this one. What is
    left are adapters that are only registered in entry-point group ``pyfly.web_adapters``, and the error for
    a ``pyfly.web.adapter`` that nothing answers to.
    """

    @bean
    def web_adapter(self, config: Config) -> WebServerPort | None:
        """Return the adapter that ``pyfly.web.adapter`` selects; none if none is wanted or installed."""
        requested = requested_adapter(config)
        if requested == NONE or (requested == AUTO and not installed_adapters()):
            return None

        return select_adapter(config)()
