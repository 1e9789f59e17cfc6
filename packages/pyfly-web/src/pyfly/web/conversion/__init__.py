# SPDX-License-Identifier: Apache-2.0
"""Bodies in and results out, compiled for each endpoint."""

from pyfly.web.conversion.body_conversion import BodyConversion
from pyfly.web.conversion.body_reader import BodyReader
from pyfly.web.conversion.result_writer import OutputFormat, ResultWriter

__all__ = ["BodyConversion", "BodyReader", "OutputFormat", "ResultWriter"]
