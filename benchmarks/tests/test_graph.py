# SPDX-License-Identifier: Apache-2.0
import inspect

from benchmarks.boot.graph import BEANS, DEPENDENCIES, check_instances, generate_classes


def test_graph_has_as_many_classes_and_dependencies_as_it_says():
    classes = generate_classes()

    assert len(classes) == BEANS
    assert sum(len(inspect.signature(cls).parameters) for cls in classes) == DEPENDENCIES


def test_classes_only_need_classes_before_them():
    classes = generate_classes()
    places = {cls: place for place, cls in enumerate(classes)}

    for cls in classes:
        needed = [it.annotation for it in inspect.signature(cls).parameters.values()]
        assert all(places[other] < places[cls] for other in needed)


def test_instances_made_in_order_pass_the_check():
    classes = generate_classes()
    made: dict[type, object] = {}
    for cls in classes:
        made[cls] = cls(*(made[it.annotation] for it in inspect.signature(cls).parameters.values()))

    check_instances(classes, list(made.values()))
