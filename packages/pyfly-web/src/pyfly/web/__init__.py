# SPDX-License-Identifier: Apache-2.0
"""Controllers, their parameters and their errors, free of any HTTP framework."""

from pkgutil import extend_path

# First of all: packages below this one look for their own parts here while they are imported.
__path__ = extend_path(__path__, __name__)

from pyfly.container.stereotypes import controller, controller_advice, rest_controller
from pyfly.web.application_factory import create_app
from pyfly.web.cors import CORSConfig
from pyfly.web.exception_handler import exception_handler
from pyfly.web.files import FileResult
from pyfly.web.filters import OncePerRequestFilter
from pyfly.web.json import CamelModel, JsonProperties, JsonSerializers, PyFlyJsonSerializer
from pyfly.web.mappings import (
    delete_mapping,
    deprecated,
    get_mapping,
    non_blocking,
    patch_mapping,
    post_mapping,
    put_mapping,
    request_mapping,
)
from pyfly.web.message_converters import (
    JsonMessageConverter,
    MessageConverter,
    MessageConverterRegistry,
    XmlMessageConverter,
    default_message_converters,
)
from pyfly.web.params import (
    Body,
    CommaSeparated,
    Cookie,
    File,
    Form,
    Header,
    Named,
    PathVar,
    QueryParam,
    Valid,
)
from pyfly.web.ports import Request, WebFilter
from pyfly.web.security_headers import SecurityHeadersConfig
from pyfly.web.sse import sse_mapping
from pyfly.web.uploads import UploadedFile

__all__ = [
    "Body",
    "CORSConfig",
    "CamelModel",
    "CommaSeparated",
    "Cookie",
    "File",
    "FileResult",
    "Form",
    "Header",
    "JsonMessageConverter",
    "JsonProperties",
    "JsonSerializers",
    "MessageConverter",
    "MessageConverterRegistry",
    "Named",
    "OncePerRequestFilter",
    "PathVar",
    "PyFlyJsonSerializer",
    "QueryParam",
    "Request",
    "SecurityHeadersConfig",
    "UploadedFile",
    "Valid",
    "WebFilter",
    "XmlMessageConverter",
    "controller",
    "controller_advice",
    "create_app",
    "default_message_converters",
    "delete_mapping",
    "deprecated",
    "exception_handler",
    "get_mapping",
    "non_blocking",
    "patch_mapping",
    "post_mapping",
    "put_mapping",
    "request_mapping",
    "rest_controller",
    "sse_mapping",
]
