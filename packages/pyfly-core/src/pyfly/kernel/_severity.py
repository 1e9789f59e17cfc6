# SPDX-License-Identifier: Apache-2.0
"""The two scales on which an error is placed."""

from enum import Enum


class ErrorCategory(Enum):
    """Name the part of the system an error belongs to."""

    VALIDATION = "VALIDATION"
    BUSINESS = "BUSINESS"
    TECHNICAL = "TECHNICAL"
    SECURITY = "SECURITY"
    EXTERNAL = "EXTERNAL"
    RESOURCE = "RESOURCE"
    RATE_LIMIT = "RATE_LIMIT"
    CIRCUIT_BREAKER = "CIRCUIT_BREAKER"


class ErrorSeverity(Enum):
    """Say how urgently an error needs a person."""

    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"
    CRITICAL = "CRITICAL"
