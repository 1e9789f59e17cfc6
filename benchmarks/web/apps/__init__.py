# SPDX-License-Identifier: Apache-2.0
"""The same service, written with each of the contenders."""
