# SPDX-License-Identifier: Apache-2.0
"""Load the ASGI application that an import string names."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from pyfly.server.exceptions import ApplicationImportError


def load_application(target: str) -> Callable[..., Any]:
    """Import the ASGI application ``"package.module:attribute"``; see `load_object`.

    Args:
        target: The import string; the attribute may be dotted.

    Returns:
        The ASGI application.

    Raises:
        ApplicationImportError: The text leads nowhere, or to something that cannot be called.
    """
    found = load_object(target)
    if not callable(found):
        path = target.partition(":")[2]
        raise ApplicationImportError(
            target,
            f"{path!r} is a {type(found).__name__}, which is not callable",
            "Name an ASGI application.",
        )

    application: Callable[..., Any] = found
    return application


def load_object(target: str) -> Any:
    """Import ``"package.module:attribute"``, whatever it is.

    An error inside the application's own modules is not wrapped: its traceback is what the reader needs.

    Args:
        target: The import string; the attribute may be dotted.

    Raises:
        ApplicationImportError: The text is malformed, or the module or the attribute does not exist.
    """
    module_name, separator, path = target.partition(":")
    if not (module_name and separator and path):
        raise ApplicationImportError(
            target,
            "it is not of the form 'package.module:attribute'",
            "Write, for example, 'orders.main:app'.",
        )

    try:
        found: Any = import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module_name}.".startswith(f"{error.name}."):
            raise

        raise ApplicationImportError(
            target,
            f"there is no module {error.name!r}",
            "Check the name, and start in the folder that holds it or its 'src' folder.",
        ) from None

    for name in path.split("."):
        try:
            found = getattr(found, name)
        except AttributeError:
            raise ApplicationImportError(
                target, f"{module_name!r} has no attribute {path!r}", "Check the name after the colon."
            ) from None

    return found
