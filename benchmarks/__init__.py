# SPDX-License-Identifier: Apache-2.0
"""Our numbers beside the peers', measured in one run: `hatch run bench <suite>`."""
