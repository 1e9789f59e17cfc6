# SPDX-License-Identifier: Apache-2.0
from pyfly.server.adapters.uvicorn.engine import UvicornEngine
from pyfly.server.testing.engine import ConnectionLimitContract, EngineContract, RequestHeadContract


class TestUvicornEngine(EngineContract):
    engine = UvicornEngine


class TestLimitOfConnections(ConnectionLimitContract):
    engine = UvicornEngine


class TestHeadsOfRequests(RequestHeadContract):
    engine = UvicornEngine
