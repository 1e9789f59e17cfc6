# SPDX-License-Identifier: Apache-2.0
"""How the layers of a configuration are read from files and put in their order."""
