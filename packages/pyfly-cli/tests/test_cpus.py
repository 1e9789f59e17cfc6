# SPDX-License-Identifier: Apache-2.0
import pytest

from pyfly.cli.cpus import usable_cpus


def test_at_least_one_cpu_is_usable(tmp_path):
    assert usable_cpus(tmp_path / "missing") >= 1


@pytest.mark.parametrize("quota", ["100000 100000", "50000 100000", "1000 100000"])
def test_the_quota_of_the_control_group_limits_them(tmp_path, quota):
    (tmp_path / "cpu.max").write_text(f"{quota}\n")

    assert usable_cpus(tmp_path / "cpu.max") == 1


def test_a_control_group_without_quota_does_not_limit_them(tmp_path):
    (tmp_path / "cpu.max").write_text("max 100000\n")

    assert usable_cpus(tmp_path / "cpu.max") == usable_cpus(tmp_path / "missing")
