# SPDX-License-Identifier: Apache-2.0
"""Controllers, their parameters and their errors, free of any HTTP framework."""

from pkgutil import extend_path

from pyfly.container.stereotypes import controller, controller_advice, rest_controller
from pyfly.web.exception_handler import exception_handler
from pyfly.web.mappings import (
    delete_mapping,
    get_mapping,
    patch_mapping,
    post_mapping,
    put_mapping,
    request_mapping,
)
from pyfly.web.params import Body, Cookie, Header, PathVar, QueryParam, Valid

__all__ = [
    "Body",
    "Cookie",
    "Header",
    "PathVar",
    "QueryParam",
    "Valid",
    "controller",
    "controller_advice",
    "delete_mapping",
    "exception_handler",
    "get_mapping",
    "patch_mapping",
    "post_mapping",
    "put_mapping",
    "request_mapping",
    "rest_controller",
]
__path__ = extend_path(__path__, __name__)
