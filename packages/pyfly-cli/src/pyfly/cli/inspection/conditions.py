# SPDX-License-Identifier: Apache-2.0
"""What conditions decided, as the actuator tells it and as a table."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pyfly.cli.inspection.application import InspectedApplication
from pyfly.cli.output import table
from pyfly.container.exceptions import BeanCreationException


def conditions_payload(
    application: InspectedApplication, failed: Callable[[BeanCreationException], object]
) -> dict[str, Any]:
    """Return the condition report; ``exclusions`` are what was left out beforehand, with the reason.

    Args:
        application: The application; its context is prepared here.
        failed: Called with the reason if it could not start; the report tells what was decided before.

    Raises:
        InspectionError: It has no context.
    """
    context = application.existing_context()
    try:
        context.prepare()
    except BeanCreationException as error:
        failed(error)

    report = context.condition_report
    return {"contexts": {"application": {**report.to_dict(), "exclusions": report.excluded}}}


def show_conditions(payload: Mapping[str, Any]) -> None:
    """Print one row for each condition, and one for what has none."""
    rows = [row for context in payload["contexts"].values() for row in _rows(context)]
    table(None, ["Used", "Class or method", "Holds", "Condition", "Found"], rows)


def _rows(context: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for subject, outcomes in context["positiveMatches"].items():
        for it in outcomes:
            yield "yes", subject, "yes", it["condition"], it["message"]

    for subject, outcomes in context["negativeMatches"].items():
        for holds, group in (("no", outcomes["notMatched"]), ("yes", outcomes["matched"])):
            for it in group:
                yield "no", subject, holds, it["condition"], it["message"]

    exclusions = context.get("exclusions", {})
    for subject, reason in exclusions.items():
        yield "no", subject, "", "excluded", reason

    for subject in context["unconditionalClasses"]:
        yield "yes", subject, "", "", ""
