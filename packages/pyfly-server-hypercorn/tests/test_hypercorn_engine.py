# SPDX-License-Identifier: Apache-2.0
from pyfly.server.adapters.hypercorn.engine import HypercornEngine
from pyfly.server.testing.engine import ConnectionLimitContract, EngineContract, RequestHeadContract


class TestHypercornEngine(EngineContract):
    engine = HypercornEngine


class TestLimitOfConnections(ConnectionLimitContract):
    engine = HypercornEngine


class TestHeadsOfRequests(RequestHeadContract):
    engine = HypercornEngine
