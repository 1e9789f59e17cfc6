# SPDX-License-Identifier: Apache-2.0
"""XML documents as plain dicts and lists."""

from pyfly.web.xml.reading import xml_to_dict
from pyfly.web.xml.writing import dict_to_xml

__all__ = ["dict_to_xml", "xml_to_dict"]
