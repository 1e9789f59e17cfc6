# SPDX-License-Identifier: Apache-2.0
"""How settings become instances of classes."""
