# SPDX-License-Identifier: Apache-2.0
import logging
from pathlib import Path

import pytest

from pyfly.context.request_context import RequestContext
from pyfly.core import PyFlyApplication, pyfly_application


@pyfly_application(name="shop")
class Shop: ...


@pytest.fixture(autouse=True)
def application(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PyFlyApplication:
    monkeypatch.chdir(tmp_path)
    return PyFlyApplication(Shop)


def ids(caplog: pytest.LogCaptureFixture) -> list[object]:
    return [vars(record).get("request_id") for record in caplog.records if record.name == "shop"]


def test_id_that_was_given_is_in_every_line_of_the_request(caplog: pytest.LogCaptureFixture) -> None:
    with RequestContext.scope("r-42"):
        logging.getLogger("shop").warning("x")

    logging.getLogger("shop").warning("y")
    assert ids(caplog) == ["r-42", None]


def test_no_id_is_made_up_for_a_line(caplog: pytest.LogCaptureFixture) -> None:
    with RequestContext.scope() as request:
        logging.getLogger("shop").warning("before")
        assert request.known_request_id is None
        made_up = request.request_id
        logging.getLogger("shop").warning("after")

    assert ids(caplog) == [None, made_up]


def test_further_ids_of_the_request_are_in_its_lines(caplog: pytest.LogCaptureFixture) -> None:
    with RequestContext.scope("r-42") as request:
        request.correlation_id = "c-7"
        request.transaction_id = "t-1"
        logging.getLogger("shop").warning("x")

    (record,) = [it for it in caplog.records if it.name == "shop"]
    assert (vars(record)["correlation_id"], vars(record)["transaction_id"]) == ("c-7", "t-1")
