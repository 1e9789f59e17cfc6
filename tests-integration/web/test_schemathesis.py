# SPDX-License-Identifier: Apache-2.0
"""The example service does what its own OpenAPI document says, whatever is sent to it.

`hatch run fuzz` runs this longer, with ``PYFLY_FUZZ_EXAMPLES`` requests for each operation.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import strategies as st
from orders.main import build
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.python.asgi import shutdown_lifespans
from schemathesis.specs.openapi.checks import AcceptedNegativeData, RejectedPositiveData

CONFIGURATION = Path(__file__).parents[2] / "examples" / "orders" / "pyfly.yaml"
EXAMPLES = int(os.environ.get("PYFLY_FUZZ_EXAMPLES", "20"))
SETTINGS = {
    "seed": 20260101,
    "generation": {"max-examples": EXAMPLES, "deterministic": True, "database": "none"},
    "phases": {"stateful": {"generation": {"max-examples": EXAMPLES}}},
}


@schemathesis.hook
def map_body(context: Any, body: Any) -> Any:
    """Write whole numbers without a fraction.

    For JSON Schema 3.0 is an integer, for a strict model it is none.
    """
    if isinstance(body, dict):
        return {key: map_body(context, value) for key, value in body.items()}

    if isinstance(body, list):
        return [map_body(context, value) for value in body]

    return int(body) if isinstance(body, float) and body.is_integer() else body


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """Leave out of XML what is null: there the word would be a text."""
    if case.media_type == "application/xml":
        case.body = without_nulls(case.body)


@schemathesis.hook
def filter_failure(context: Any, failure: Any, case: Any, response: Any) -> bool:
    """Let XML be accepted or not: it has no types, and cannot carry every text."""
    return case.media_type != "application/xml" or not isinstance(
        failure, AcceptedNegativeData | RejectedPositiveData
    )


def without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}

    return [without_nulls(item) for item in value] if isinstance(value, list) else value


# Texts that no pattern can describe.
schemathesis.openapi.format("currency-code", st.sampled_from(["EUR", "USD", "JPY", "CHF"]))
schemathesis.openapi.format("phone", st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True))


@pytest.fixture(params=["starlette", "fastapi"])
def document(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Give the document of the running service."""
    monkeypatch.setenv("PYFLY_WEB_ADAPTER", request.param)
    monkeypatch.setenv("PYFLY_LOGGING_LEVEL_ROOT", "ERROR")
    config = SchemathesisConfig.from_dict(SETTINGS)
    yield schemathesis.openapi.from_asgi("/openapi.json", build(CONFIGURATION), config=config)
    shutdown_lifespans()


def findings(document: Any) -> Iterator[str]:
    """Run all checks, and yield what they find."""
    for event in from_schema(document).execute():
        if isinstance(event, events.NonFatalError | events.FatalError):
            yield str(event)

        if isinstance(event, events.ScenarioFinished):
            for check in [check for checks in event.recorder.checks.values() for check in checks]:
                if check.failure_info is not None:
                    failure = check.failure_info.failure
                    yield (
                        f"{event.recorder.label}: {check.name}: {failure.title}\n{failure.message}\n"
                        f"{check.failure_info.code_sample}"
                    )


def test_the_service_keeps_to_its_document(document: Any) -> None:
    # The stream of events has no end; it has tests of its own.
    found = set(findings(document.exclude(path="/orders/events")))

    assert not found, "\n\n".join(sorted(found))
