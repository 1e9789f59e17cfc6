# SPDX-License-Identifier: Apache-2.0
"""How settings are imported from elsewhere."""
