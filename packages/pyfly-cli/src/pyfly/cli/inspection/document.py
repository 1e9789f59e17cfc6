# SPDX-License-Identifier: Apache-2.0
"""The OpenAPI document of an application."""

import json
from typing import Any

from pyfly.cli.inspection.application import InspectedApplication
from pyfly.cli.output import warn


def document_of(application: InspectedApplication) -> Any:
    """Return the document that the application would serve.

    Args:
        application: The application; its context is prepared here, and beans that shape the document are made
            if they consist of settings alone.

    Raises:
        InspectionError: It is no web application.
        BeanCreationException: It could not start.
        RouteDefinitionError: A controller cannot be served.
    """
    web = application.prepared_web()
    left_out = web.make_document_beans()
    if left_out:
        warn(
            f"Not asked, as they need more than settings: {', '.join(left_out)}."
            " The document of an application that runs has their part: use --url."
        )

    return json.loads(web.build_document())


def rendered(document: Any, form: str) -> str:
    """Return a document as text.

    Args:
        document: The document.
        form: ``json`` or ``yaml``.
    """
    if form == "json":
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"

    # Who wants JSON needs no YAML.
    import yaml

    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=120)
