# SPDX-License-Identifier: Apache-2.0
"""Controllers, their parameters and their errors, free of any HTTP framework."""

from pkgutil import extend_path

from pyfly.container.stereotypes import controller, controller_advice, rest_controller
from pyfly.web.application_factory import create_app
from pyfly.web.exception_handler import exception_handler
from pyfly.web.files import FileResult
from pyfly.web.mappings import (
    delete_mapping,
    deprecated,
    get_mapping,
    patch_mapping,
    post_mapping,
    put_mapping,
    request_mapping,
)
from pyfly.web.params import Body, Cookie, File, Form, Header, PathVar, QueryParam, Valid
from pyfly.web.uploads import UploadedFile

__all__ = [
    "Body",
    "Cookie",
    "File",
    "FileResult",
    "Form",
    "Header",
    "PathVar",
    "QueryParam",
    "UploadedFile",
    "Valid",
    "controller",
    "controller_advice",
    "create_app",
    "delete_mapping",
    "deprecated",
    "exception_handler",
    "get_mapping",
    "patch_mapping",
    "post_mapping",
    "put_mapping",
    "request_mapping",
    "rest_controller",
]
__path__ = extend_path(__path__, __name__)
