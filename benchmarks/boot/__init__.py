# SPDX-License-Identifier: Apache-2.0
"""Starting: imports, contexts and services, ours and the peers'."""
