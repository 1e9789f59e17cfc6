# SPDX-License-Identifier: Apache-2.0
import pytest

from pyfly.cli.discovery import ApplicationNotFoundError, discover_application
from pyfly.config.store import Config


def with_packages(directory, *names):
    for name in names:
        package = directory / "src" / name
        package.mkdir(parents=True)
        (package / "main.py").touch()


def test_the_configured_module_comes_first(tmp_path):
    with_packages(tmp_path, "shop")
    config = Config({"pyfly": {"app": {"module": "kiosk:app"}}, "app": {"module": "stall:app"}})

    assert discover_application(config, tmp_path) == "kiosk:app"


def test_the_flat_key_is_accepted(tmp_path):
    assert discover_application(Config({"app": {"module": "stall:app"}}), tmp_path) == "stall:app"


def test_the_first_package_with_a_main_module_is_taken(tmp_path):
    with_packages(tmp_path, "zoo", "shop")
    (tmp_path / "src" / "a").mkdir()

    assert discover_application(Config({}), tmp_path) == "shop.main:app"


def test_nothing_to_run_is_an_error_with_a_way_out(tmp_path):
    with pytest.raises(ApplicationNotFoundError) as caught:
        discover_application(Config({}), tmp_path)

    assert caught.value.directory == tmp_path
    assert str(caught.value).startswith("No application found.")
