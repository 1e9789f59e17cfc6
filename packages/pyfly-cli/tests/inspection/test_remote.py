# SPDX-License-Identifier: Apache-2.0
import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result

Run = Callable[..., Result]

BEANS = {
    "contexts": {
        "application": {
            "beans": {
                "till": {
                    "aliases": [],
                    "scope": "singleton",
                    "type": "shop.Till",
                    "resource": "shop",
                    "dependencies": ["orders", "clock"],
                    "stereotype": "service",
                }
            }
        }
    }
}
MAPPINGS = {
    "contexts": {
        "application": {
            "mappings": {
                "dispatcherServlets": {
                    "dispatcherServlet": [
                        {
                            "handler": "OrderController#place",
                            "predicate": "{POST /orders}",
                            "details": {
                                "handlerMethod": {"className": "shop.OrderController", "name": "place"},
                                "requestMappingConditions": {
                                    "methods": ["POST"],
                                    "patterns": ["/orders"],
                                    "produces": ["application/json"],
                                    "consumes": [],
                                },
                            },
                        }
                    ]
                }
            }
        }
    }
}
ENV = {
    "activeProfiles": ["prod"],
    "propertySources": [
        {"name": "systemEnvironment", "properties": {"PYFLY_SERVER_PORT": {"value": "81", "origin": "env"}}},
        {"name": "pyfly.yaml", "properties": {"pyfly.server.port": {"value": 80, "origin": "pyfly.yaml"}}},
        {
            "name": "pyfly-defaults.yaml (framework defaults)",
            "properties": {
                "pyfly.server.port": {"value": 8000, "origin": "defaults"},
                "pyfly.banner.mode": {"value": "TEXT", "origin": "defaults"},
            },
        },
    ],
}
INDEX = {
    "_links": {"self": {"href": "/manage"}, "beans": {"href": "/manage/beans"}, "health": {"href": "/x"}}
}


@pytest.mark.parametrize("path", ["", "/", "/actuator", "/actuator/"])
def test_an_endpoint_of_the_actuator_is_asked(pyfly: Run, actuator: Any, path: str) -> None:
    actuator.answers["/actuator/beans"] = BEANS

    result = pyfly("beans", "--url", f"{actuator.url}{path}", "--json")

    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout) == BEANS


def test_a_path_in_front_is_kept(pyfly: Run, actuator: Any) -> None:
    actuator.answers["/shop/actuator/beans"] = BEANS

    assert pyfly("beans", "--url", f"{actuator.url}/shop/").exit_code == 0


def test_the_answer_becomes_a_table(pyfly: Run, actuator: Any) -> None:
    actuator.answers |= {"/actuator/beans": BEANS, "/actuator/mappings": MAPPINGS}

    beans = pyfly("beans", "--url", actuator.url).stdout.splitlines()
    routes = pyfly("routes", "--url", actuator.url).stdout.splitlines()

    assert beans[1].split() == ["till", "shop.Till", "singleton", "service", "orders,", "clock", "shop"]
    assert routes[1].split() == ["POST", "/orders", "OrderController#place", "application/json"]


def test_settings_are_taken_from_the_sources(pyfly: Run, actuator: Any) -> None:
    actuator.answers["/actuator/env"] = ENV

    changed = json.loads(pyfly("config", "--url", actuator.url, "--changed", "--json").stdout)

    assert changed["activeProfiles"] == ["prod"]
    assert changed["properties"] == {
        "pyfly.server.port": {
            "value": "81",
            "origin": "environment variable PYFLY_SERVER_PORT",
            "changed": True,
        }
    }
    assert "pyfly.banner.mode" in pyfly("config", "--url", actuator.url, "banner").stdout
    assert "Active profiles: prod" in pyfly("env", "--url", actuator.url).stdout


def test_headers_and_credentials_are_sent(pyfly: Run, actuator: Any) -> None:
    actuator.answers["/actuator/beans"] = BEANS

    pyfly("beans", "--url", actuator.url, "--header", "Authorization=Bearer a=b", "--header", "X-Tenant=1")
    pyfly("beans", "--url", actuator.url.replace("//", "//ada:p%40ss@"))

    (_, first), (_, second) = actuator.seen
    assert (first["authorization"], first["x-tenant"]) == ("Bearer a=b", "1")
    assert second["authorization"] == "Basic YWRhOnBAc3M="


def test_a_password_in_the_address_is_not_shown(pyfly: Run, actuator: Any) -> None:
    result = pyfly("beans", "--url", actuator.url.replace("//", "//ada:hush@"))

    assert result.exit_code == 1
    assert "hush" not in result.output


def test_an_actuator_elsewhere_is_found_by_its_index(pyfly: Run, actuator: Any) -> None:
    actuator.answers |= {"/manage": INDEX, "/manage/beans": BEANS}

    assert "shop.Till" in pyfly("beans", "--url", f"{actuator.url}/manage").stdout


def test_an_endpoint_that_is_not_exposed_is_told(pyfly: Run, actuator: Any) -> None:
    actuator.answers["/actuator"] = INDEX

    result = pyfly("env", "--url", actuator.url)

    assert result.exit_code == 1
    assert "does not serve 'env'; it serves: beans, health." in result.stderr
    assert "pyfly.management.endpoints.web.exposure.include" in result.stderr


def test_an_index_does_not_send_credentials_elsewhere(pyfly: Run, actuator: Any) -> None:
    actuator.answers["/actuator"] = {"_links": {"beans": {"href": "http://evil.example/beans"}}}

    result = pyfly("beans", "--url", actuator.url)

    assert result.exit_code == 1
    assert "sends to another origin" in result.stderr


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ((404, {}), "There is no actuator at"),
        ((401, {}), "answers 401: the command is asked who it is. Give what it wants to see"),
        ((403, {}), "answers 403"),
        ((500, {}), "answers 500"),
        ((302, {"Location": "/login"}), "answers 302: it sends elsewhere"),
        (b"<html>", "does not answer with JSON"),
        ({"contexts": {"application": {}}}, "in a form that this version does not know"),
        ([], "in a form that this version does not know"),
    ],
)
def test_what_is_wrong_with_the_answer_is_told(pyfly: Run, actuator: Any, answer: Any, told: str) -> None:
    actuator.answers["/actuator/beans"] = answer

    result = pyfly("beans", "--url", actuator.url)

    assert result.exit_code == 1
    assert result.stdout == ""
    assert told in result.stderr
    assert "Traceback" not in result.stderr


def test_an_answer_that_does_not_come_is_not_waited_for(pyfly: Run, actuator: Any) -> None:
    actuator.answers["/actuator/beans"] = "silence"

    result = pyfly("beans", "--url", actuator.url, "--timeout", "0.2")

    assert result.exit_code == 1
    assert "does not answer within 0.2 s. Allow for more with --timeout." in result.stderr


def test_an_address_where_nothing_listens_is_told(pyfly: Run, actuator: Any) -> None:
    actuator.close()

    result = pyfly("beans", "--url", actuator.url)

    assert result.exit_code == 1
    assert "cannot be reached: Connection refused." in result.stderr


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://localhost", "file:///etc/passwd", "http://"])
def test_only_addresses_of_http_are_taken(pyfly: Run, url: str) -> None:
    result = pyfly("beans", "--url", url)

    assert result.exit_code == 1
    assert "is no address of HTTP" in result.stderr


def test_the_document_is_asked_for_where_it_is_served(pyfly: Run, actuator: Any) -> None:
    actuator.answers["/api/openapi.json"] = {"openapi": "3.1.0"}

    assert pyfly("openapi", "--url", f"{actuator.url}/api", "--format", "yaml").stdout == "openapi: 3.1.0\n"
    missing = pyfly("openapi", "--url", actuator.url)
    assert missing.exit_code == 1
    assert "pyfly.web.docs.enabled" in missing.stderr


def test_the_application_of_the_environment_does_not_matter(
    pyfly: Run, actuator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYFLY_APP", "shop:app")
    actuator.answers["/actuator/beans"] = BEANS

    assert pyfly("beans", "--url", actuator.url).exit_code == 0
