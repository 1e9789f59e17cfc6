# SPDX-License-Identifier: Apache-2.0
"""Annotations of settings, taken apart."""

import sys
from typing import Annotated, Any, NewType, get_args, get_origin


def bare(annotation: Any) -> tuple[Any, tuple[Any, ...]]:
    """Return the type in an annotation, and what ``Annotated`` adds to it, the innermost first."""
    metadata: tuple[Any, ...] = ()
    while True:
        if get_origin(annotation) is Annotated:
            annotation, *added = get_args(annotation)
            metadata = (*added, *metadata)
        elif isinstance(annotation, NewType):
            annotation = annotation.__supertype__
        elif hasattr(annotation, "__value__"):
            annotation = annotation.__value__
        else:
            return annotation, metadata


def is_model(cls: Any) -> bool:
    """Tell whether ``cls`` is a pydantic model, without importing pydantic for the answer."""
    pydantic = sys.modules.get("pydantic")
    return pydantic is not None and isinstance(cls, type) and issubclass(cls, pydantic.BaseModel)
