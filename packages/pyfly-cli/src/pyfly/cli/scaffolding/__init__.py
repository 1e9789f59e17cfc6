# SPDX-License-Identifier: Apache-2.0
"""New projects: what they can be, how they are checked, rendered and written."""
