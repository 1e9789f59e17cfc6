# SPDX-License-Identifier: Apache-2.0
"""Reading settings: hand-written code, the peers' settings and ours."""
