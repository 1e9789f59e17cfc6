# SPDX-License-Identifier: Apache-2.0
"""What imports of the kernel bring along, seen from a fresh interpreter."""

import json
import subprocess
import sys

import pytest

PORTS = ["pyfly.kernel.clock", "pyfly.kernel.lease", "pyfly.kernel.transaction"]
HEAVY = {"asyncio", "hypothesis", "logging", "pydantic", "pytest", "secrets", "starlette"}


def loaded_by(module: str) -> set[str]:
    program = f"import sys, json, {module}; print(json.dumps(sorted(sys.modules)))"
    finished = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True, timeout=60
    )
    return set(json.loads(finished.stdout))


def test_kernel_leaves_its_ports_out_until_they_are_asked_for() -> None:
    loaded = loaded_by("pyfly.kernel")

    assert loaded.isdisjoint(HEAVY | {*PORTS, "pyfly.kernel.disclosure", "pyfly.kernel.testing"})


@pytest.mark.parametrize("port", PORTS)
def test_port_loads_nothing_heavy(port: str) -> None:
    assert loaded_by(port).isdisjoint(HEAVY)


def test_contracts_are_importable_without_pytest() -> None:
    assert "pytest" not in loaded_by("pyfly.kernel.testing")
