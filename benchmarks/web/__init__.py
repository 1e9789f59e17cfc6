# SPDX-License-Identifier: Apache-2.0
"""HTTP: requests, routes, uploads and streams, ours and the peers'."""
