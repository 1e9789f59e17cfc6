# SPDX-License-Identifier: Apache-2.0
"""The tree of errors, compared with what the contract and the guide say about it."""

from pathlib import Path

import pytest

from pyfly import kernel
from pyfly.kernel import ErrorCategory, ErrorSeverity, PyFlyException

GUIDE = Path(__file__).parents[4] / "docs" / "modules" / "kernel.md"

# Each exception with its base and the status that a web layer answers with.
TREE = {
    "PyFlyException": ("Exception", 500),
    "BusinessException": ("PyFlyException", 400),
    "ValidationException": ("BusinessException", 422),
    "ResourceNotFoundException": ("BusinessException", 404),
    "ConflictException": ("BusinessException", 409),
    "PreconditionFailedException": ("BusinessException", 412),
    "GoneException": ("BusinessException", 410),
    "InvalidRequestException": ("BusinessException", 400),
    "DataIntegrityException": ("BusinessException", 409),
    "ConcurrencyException": ("BusinessException", 409),
    "LockedResourceException": ("BusinessException", 423),
    "MethodNotAllowedException": ("BusinessException", 405),
    "UnsupportedMediaTypeException": ("BusinessException", 415),
    "PayloadTooLargeException": ("BusinessException", 413),
    "SecurityException": ("PyFlyException", 403),
    "UnauthorizedException": ("SecurityException", 401),
    "ForbiddenException": ("SecurityException", 403),
    "AuthorizationException": ("SecurityException", 403),
    "InfrastructureException": ("PyFlyException", 502),
    "ServiceUnavailableException": ("InfrastructureException", 503),
    "CircuitBreakerException": ("InfrastructureException", 503),
    "RateLimitException": ("InfrastructureException", 429),
    "QuotaExceededException": ("RateLimitException", 429),
    "BulkheadException": ("InfrastructureException", 503),
    "OperationTimeoutException": ("InfrastructureException", 504),
    "RetryExhaustedException": ("InfrastructureException", 502),
    "DegradedServiceException": ("InfrastructureException", 503),
    "NotImplementedException": ("InfrastructureException", 501),
    "ExternalServiceException": ("InfrastructureException", 502),
    "ThirdPartyServiceException": ("ExternalServiceException", 502),
    "BadGatewayException": ("ExternalServiceException", 502),
    "GatewayTimeoutException": ("ExternalServiceException", 504),
    "PluginException": ("PyFlyException", 500),
    "PluginLoadError": ("PluginException", 500),
    "PluginStartError": ("PluginException", 500),
    "PluginStopError": ("PluginException", 500),
    "PluginStateError": ("PluginException", 500),
}

EXPORTED = [
    found
    for found in (getattr(kernel, name) for name in kernel.__all__)
    if isinstance(found, type) and issubclass(found, Exception)
]


def row_of(kind: type[PyFlyException]) -> str:
    cells = [
        f"`{kind.__name__}`",
        f"`{kind.__mro__[1].__name__}`",
        str(kind.http_status),
        kind.category.value,
        kind.severity.value,
        "yes" if kind.retryable else "no",
    ]
    return f"| {' | '.join(cells)} |"


@pytest.mark.parametrize("name", TREE)
def test_base_and_status_are_those_of_the_contract(name: str) -> None:
    kind = getattr(kernel, name)
    assert (kind.__mro__[1].__name__, kind.http_status) == TREE[name]


def test_every_exported_exception_is_in_the_tree() -> None:
    assert sorted(kind.__name__ for kind in EXPORTED) == sorted(TREE)


@pytest.mark.parametrize("kind", EXPORTED)
def test_all_share_one_constructor_and_have_no_code_of_their_own(kind: type[PyFlyException]) -> None:
    error = kind("failed")
    assert (str(error), error.code, error.context) == ("failed", None, {})
    assert kind.__init__ is PyFlyException.__init__


@pytest.mark.parametrize("kind", EXPORTED)
def test_facts_are_data_of_the_class(kind: type[PyFlyException]) -> None:
    assert isinstance(kind.category, ErrorCategory)
    assert isinstance(kind.severity, ErrorSeverity)
    assert isinstance(kind.retryable, bool)


@pytest.mark.skipif(
    not GUIDE.exists(), reason="the guides are part of the repository, not of the distribution"
)
def test_guide_tells_the_facts_of_each_exception() -> None:
    told = [line for line in GUIDE.read_text("utf-8").splitlines() if line.endswith(("| yes |", "| no |"))]
    assert sorted(told) == sorted(row_of(kind) for kind in EXPORTED)
