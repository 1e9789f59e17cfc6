# SPDX-License-Identifier: Apache-2.0
"""Looking at an application without starting it, or at one that runs elsewhere."""
