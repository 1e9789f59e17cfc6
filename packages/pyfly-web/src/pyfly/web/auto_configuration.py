# SPDX-License-Identifier: Apache-2.0
"""What this distribution adds to an application by being installed; adapters bring their own."""

from pyfly.container.bean import bean
from pyfly.context.conditions import auto_configuration, conditional_on_missing_bean
from pyfly.web.converters import ExceptionConverter, ExceptionConverterService, default_exception_converters
from pyfly.web.mapping_summary import MappingSummary


@auto_configuration
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
