# SPDX-License-Identifier: Apache-2.0
"""The event loops that a server can run on."""
