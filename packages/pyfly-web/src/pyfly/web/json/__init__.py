# SPDX-License-Identifier: Apache-2.0
"""The JSON that leaves the application: its settings, its encoders, its bytes."""

from pyfly.web.json.camel_model import CamelModel
from pyfly.web.json.encoding import encode_json
from pyfly.web.json.properties import JsonProperties, json_properties_from_config
from pyfly.web.json.registry import JsonSerializers
from pyfly.web.json.serializer import PyFlyJsonSerializer

__all__ = [
    "CamelModel",
    "JsonProperties",
    "JsonSerializers",
    "PyFlyJsonSerializer",
    "encode_json",
    "json_properties_from_config",
]
