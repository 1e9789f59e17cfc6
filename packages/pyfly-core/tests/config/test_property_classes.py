# SPDX-License-Identifier: Apache-2.0
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyfly.config import properties

MODULE = "pyfly.config.properties.cache"
SHIPPED = """
class CacheProperties:
    pass
"""


@pytest.fixture
def _cache_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "cache.py").write_text(SHIPPED)
    monkeypatch.setattr(properties, "__path__", [str(tmp_path)])
    monkeypatch.delitem(sys.modules, MODULE, raising=False)
    yield
    sys.modules.pop(MODULE, None)


@pytest.mark.usefixtures("_cache_installed")
def test_class_comes_from_its_distribution() -> None:
    assert properties.CacheProperties.__module__ == MODULE
    assert "CacheProperties" in dir(properties)


@pytest.mark.parametrize(
    ("name", "distribution"),
    [("ClientProperties", "pyfly-client"), ("RelationalProperties", "pyfly-data-relational")],
)
def test_missing_distribution_is_named(monkeypatch: pytest.MonkeyPatch, name: str, distribution: str) -> None:
    monkeypatch.setattr(properties, "__path__", [])
    with pytest.raises(ImportError, match=f"{name} comes with {distribution}: pip install {distribution}"):
        getattr(properties, name)


def test_unknown_name_is_no_attribute() -> None:
    assert not hasattr(properties, "NoSuchProperties")
