# SPDX-License-Identifier: Apache-2.0
"""Log through structlog."""
