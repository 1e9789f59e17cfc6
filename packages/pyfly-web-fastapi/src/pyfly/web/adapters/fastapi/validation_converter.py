# SPDX-License-Identifier: Apache-2.0
"""The translation of FastAPI's validation errors, without FastAPI as long as nobody uses it."""

import sys

from pyfly.kernel.exceptions import PyFlyException
from pyfly.web.converters import ExceptionConverter


class RequestValidationConverter(ExceptionConverter):
    """Translate FastAPI's ``RequestValidationError``."""

    def can_handle(self, exc: Exception) -> bool:
        # Where nobody has imported FastAPI, it cannot have raised anything.
        kind = getattr(sys.modules.get("fastapi.exceptions"), "RequestValidationError", None)
        return isinstance(kind, type) and isinstance(exc, kind)

    def convert(self, exc: Exception) -> PyFlyException:
        from fastapi.exceptions import RequestValidationError
        from pyfly.web.adapters.fastapi.validation_exception import request_validation_exception

        assert isinstance(exc, RequestValidationError)
        return request_validation_exception(exc)
