# SPDX-License-Identifier: Apache-2.0
"""A small service that takes orders."""
