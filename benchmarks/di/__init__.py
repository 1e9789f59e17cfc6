# SPDX-License-Identifier: Apache-2.0
"""Resolving beans: hand-written code, the peers' containers and ours."""
