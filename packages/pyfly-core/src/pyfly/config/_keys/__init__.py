# SPDX-License-Identifier: Apache-2.0
"""Which keys there are, and which of them a misspelt one was meant to be."""
