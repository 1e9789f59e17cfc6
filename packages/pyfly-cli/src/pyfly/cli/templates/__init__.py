# SPDX-License-Identifier: Apache-2.0
"""Make projects from templates; the templates themselves are the folders beside this file."""

__all__ = [
    "ARCHETYPE_DESCRIPTIONS",
    "ARCHETYPE_DETAILS",
    "AVAILABLE_FEATURES",
    "Archetype",
    "DEFAULT_FEATURES",
    "FEATURE_DETAILS",
    "FEATURE_GROUPS",
    "FEATURE_TIPS",
    "GeneratedProject",
    "ScaffoldingError",
    "discover_archetypes",
    "generate_project",
]

from pyfly.cli.scaffolding.archetype import Archetype
from pyfly.cli.scaffolding.archetypes import (
    ARCHETYPE_DESCRIPTIONS,
    ARCHETYPE_DETAILS,
    DEFAULT_FEATURES,
    discover_archetypes,
)
from pyfly.cli.scaffolding.errors import ScaffoldingError
from pyfly.cli.scaffolding.features import (
    AVAILABLE_FEATURES,
    FEATURE_DETAILS,
    FEATURE_GROUPS,
    FEATURE_TIPS,
)
from pyfly.cli.scaffolding.project import GeneratedProject, generate_project
