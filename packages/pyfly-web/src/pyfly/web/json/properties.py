# SPDX-License-Identifier: Apache-2.0
"""The settings of JSON, ``pyfly.web.json.*``."""

import logging
from typing import Any, Final, Literal

from pydantic import BaseModel

from pyfly.config.binding import config_properties
from pyfly.config.errors import BindingError
from pyfly.config.store import Config

_STRATEGY: Final = "pyfly.web.json.property-naming-strategy"

logger = logging.getLogger("pyfly.web")


@config_properties(prefix="pyfly.web.json")
class JsonProperties(BaseModel):
    """Say how answers are written as JSON, and how strictly bodies are read.

    Attributes:
        property_naming_strategy: ``camelCase`` writes the aliases of all models; ``as-is`` does not.
        by_alias: Whether the aliases of all models are written; else each model decides for itself.
        exclude_none: Whether fields and entries that are None are left out.
        exclude_defaults: Whether fields that have their default are left out.
        fail_on_unknown_properties: Whether a body with a field that its type does not have is refused.
    """

    property_naming_strategy: Literal["as-is", "camelCase"] = "as-is"
    by_alias: bool = False
    exclude_none: bool = False
    exclude_defaults: bool = False
    fail_on_unknown_properties: bool = False

    def effective_by_alias(self) -> bool:
        """Tell whether aliases are written whatever a model says."""
        return self.by_alias or self.property_naming_strategy == "camelCase"


def json_properties_from_config(config: Config) -> JsonProperties:
    """Read the settings; an unknown naming strategy counts as ``as-is``, with a warning.

    Args:
        config: The configuration of the application.

    Raises:
        BindingError: Another value does not fit.
    """
    try:
        return config.bind(JsonProperties)
    except BindingError as error:
        if any(problem.key != _STRATEGY for problem in error.problems):
            raise

        logger.warning("%s; as-is is taken", error.problems[0])
        lenient = config.bind(_AnyStrategy)
        return JsonProperties(**lenient.model_dump(exclude={"property_naming_strategy"}))


class _AnyStrategy(JsonProperties):
    property_naming_strategy: Any = "as-is"
