# SPDX-License-Identifier: Apache-2.0
"""Typed settings of every module, each brought by the distribution it belongs to and loaded on first use."""

from pkgutil import extend_path

from pyfly.config._property_classes import find as __getattr__  # noqa: F401  # the hook for lazy names
from pyfly.config._property_classes import installed as __dir__  # noqa: F401  # what dir() shows

__path__ = extend_path(__path__, __name__)
