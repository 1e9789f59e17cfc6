# SPDX-License-Identifier: Apache-2.0
"""The repository itself keeps the rules of the house."""

import pytest

from house import config_reference, entry_points, public_names, source_rules
from house.wheels import UMBRELLA

RULES = [
    config_reference.stale_reference,
    config_reference.undeclared_properties,
    config_reference.undescribed_keys,
    config_reference.unknown_keys_read,
    entry_points.stale_entry_points,
    entry_points.unloadable_entry_points,
    public_names.differing_names,
    source_rules.broken_links,
    source_rules.broken_namespaces,
    source_rules.long_files,
    source_rules.loose_sibling_requirements,
    source_rules.missing_licence_lines,
    source_rules.missing_package_files,
    source_rules.named_adapters,
    source_rules.shared_paths,
    source_rules.type_checking_imports,
    source_rules.unknown_fences,
    source_rules.unlisted_guides,
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_repository_keeps_the_rule(repository, rule):
    found = list(rule(repository))

    assert not found, "\n".join([rule.__doc__, *found])


def test_all_extra_of_the_umbrella_reaches_every_distribution(repository):
    (umbrella,) = (found for found in repository.distributions if found.name == UMBRELLA)

    assert list(source_rules.unreachable_distributions(umbrella, repository)) == []
