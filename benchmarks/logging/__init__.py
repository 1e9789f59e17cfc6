# SPDX-License-Identifier: Apache-2.0
"""Logging: the standard library, structlog and ours."""
