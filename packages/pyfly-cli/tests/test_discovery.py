# SPDX-License-Identifier: Apache-2.0
import pickle

import pytest

from pyfly.cli.discovery import ApplicationNotFoundError, discover_application
from pyfly.config.store import Config


def write(directory, files):
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def not_found(directory):
    with pytest.raises(ApplicationNotFoundError) as caught:
        discover_application(Config({}), directory)

    return caught.value


def test_the_configured_module_comes_first(tmp_path):
    write(tmp_path, {"src/shop/main.py": ""})
    config = Config({"pyfly": {"app": {"module": "kiosk:app"}}, "app": {"module": "stall:app"}})

    assert discover_application(config, tmp_path) == "kiosk:app"


def test_the_flat_key_is_accepted(tmp_path):
    assert discover_application(Config({"app": {"module": "stall:app"}}), tmp_path) == "stall:app"


def test_the_first_package_with_a_main_module_is_taken(tmp_path):
    write(tmp_path, {"src/zoo/main.py": "", "src/shop/main.py": "", "src/a/other.py": ""})

    assert discover_application(Config({}), tmp_path) == "shop.main:app"


def test_nothing_to_run_is_an_error_with_a_way_out(tmp_path):
    error = not_found(tmp_path)

    assert error.directory == tmp_path
    assert str(error) == (
        f"No application found. In {tmp_path} there is no pyfly.yaml, pyfly.toml or config/ with one of them "
        "that sets pyfly.app.module, and there is no src/*/main.py. Name it with --app "
        "package.module:attribute, or set pyfly.app.module in pyfly.yaml."
    )


def test_files_that_do_not_name_it_are_told(tmp_path):
    write(tmp_path, {"pyfly.toml": "", "config/pyfly.yaml": ""})

    error = not_found(tmp_path)

    assert error.files == ("pyfly.toml", "config/pyfly.yaml")
    assert "pyfly.toml and config/pyfly.yaml do not set pyfly.app.module" in error.description


def test_what_looks_like_an_application_is_offered_the_likeliest_first(tmp_path):
    call = "from starlette.applications import Starlette\napp = Starlette()\n"
    write(
        tmp_path,
        {
            "src/shop/web/factory.py": call.replace("app =", "api ="),
            "src/shop/app.py": f"if True:\n    {call.splitlines()[0]}\n{call.splitlines()[1]}",
            "kiosk/main.py": call,
            "src/shop/models.py": "app = 1\nother = object()\n",
            "src/shop/broken.py": "app = (",
            "tests/main.py": call,
            ".venv/lib/main.py": call,
            "env-of-mine/pyvenv.cfg": "",
            "env-of-mine/main.py": call,
            "not-a-name/main.py": call,
        },
    )

    error = not_found(tmp_path)

    assert error.near == ("shop.app:app", "kiosk.main:app", "shop.web.factory:api")
    assert error.action == (
        "Name it with --app package.module:attribute, such as --app shop.app:app (kiosk.main:app, "
        "shop.web.factory:api may be one, too), or set pyfly.app.module in pyfly.yaml."
    )


def test_the_error_survives_the_way_between_processes(tmp_path):
    error = ApplicationNotFoundError(tmp_path, ["pyfly.yaml"], ["shop.app:app"])

    copy = pickle.loads(pickle.dumps(error))

    assert (str(copy), copy.files, copy.near) == (str(error), ("pyfly.yaml",), ("shop.app:app",))
