# SPDX-License-Identifier: Apache-2.0
import pytest

from benchmarks.web.ready import CONTENDERS, measure
from benchmarks.web.resources import ROUTES, ROUTES_PER_RESOURCE, path_of, plain_functions


def test_resource_has_as_many_routes_as_it_says():
    assert len(ROUTES) == len(plain_functions(0)) == ROUTES_PER_RESOURCE


def test_paths_of_resources_are_of_one_length():
    assert len(path_of(0)) == len(path_of(999))


@pytest.mark.parametrize("name", CONTENDERS)
async def test_contender_serves_and_describes_its_resources(name: str):
    it = CONTENDERS[name]

    taken = await measure(it.builder(), [it.handlers(number) for number in range(2)], it.description)

    assert set(taken) == ({"ready", "first", "again"} if it.description else {"ready"})
