# SPDX-License-Identifier: Apache-2.0
"""Deploy drills: services are replaced under load, and no request may be lost.

`python -m drill` in the folder above runs them at length, `test_deploy_drill.py` in short.
"""
