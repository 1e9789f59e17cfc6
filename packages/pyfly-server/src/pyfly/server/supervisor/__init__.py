# SPDX-License-Identifier: Apache-2.0
"""Worker processes and the process that looks after them."""
