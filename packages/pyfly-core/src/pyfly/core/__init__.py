# SPDX-License-Identifier: Apache-2.0
"""The bootstrap of an application, and what an application class needs."""

__all__ = [
    "ApplicationArguments",
    "ApplicationRunner",
    "BannerMode",
    "BannerPrinter",
    "CommandLineRunner",
    "Config",
    "FailureAnalysis",
    "PyFlyApplication",
    "Value",
    "analyse_failure",
    "config_properties",
    "pyfly_application",
]

from pyfly.config.binding import config_properties
from pyfly.config.store import Config
from pyfly.config.value import Value
from pyfly.context.runners import ApplicationArguments, ApplicationRunner, CommandLineRunner
from pyfly.core.application import PyFlyApplication, pyfly_application
from pyfly.core.banner import BannerMode, BannerPrinter
from pyfly.core.failure_analysis import FailureAnalysis, analyse_failure
