# SPDX-License-Identifier: Apache-2.0
"""Servers: `pyfly run` beside their own commands."""
