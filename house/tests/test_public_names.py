# SPDX-License-Identifier: Apache-2.0
from pkgutil import extend_path
from types import ModuleType

from house.public_names import compare_names


def module(**names: object) -> ModuleType:
    made = ModuleType("pyfly.made")
    vars(made).update(names)
    return made


def test_equal_names_pass():
    made = module(__all__=["A", "b"], A=int, b=len, _c=1, sub=ModuleType("sub"), extend_path=extend_path)

    assert list(compare_names(made)) == []


def test_module_without_all_passes():
    assert list(compare_names(module(A=int))) == []


def test_names_loaded_on_demand_pass():
    made = module(__all__=["Late"], __getattr__=lambda name: {"Late": int}[name])

    assert list(compare_names(made)) == []


def test_unsorted_all_is_named():
    made = module(__all__=["b", "A"], A=int, b=len)

    assert list(compare_names(made)) == ["pyfly.made.__all__ is not sorted: ['A', 'b']"]


def test_declared_name_that_is_missing_is_named():
    assert list(compare_names(module(__all__=["A"]))) == ["pyfly.made.__all__ has A, and the module has not"]


def test_public_name_that_is_not_declared_is_named():
    assert list(compare_names(module(__all__=[], A=int))) == ["pyfly.made has A, and its __all__ has not"]
