# SPDX-License-Identifier: Apache-2.0
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

DEADLINE = 30
APPLICATION = """\
from contextlib import asynccontextmanager

from pydantic import BaseModel, Field
from pyfly.core import PyFlyApplication, pyfly_application
from pyfly.web import PathVar, QueryParam, Valid, get_mapping, post_mapping, request_mapping, rest_controller
from pyfly.web.adapters.starlette.app import create_app


class NewItem(BaseModel):
    name: str = Field(min_length=1, examples=["tea"])
    quantity: int = Field(2, ge=1)


class Item(NewItem):
    id: int


@rest_controller
@request_mapping("/items")
class ItemController:
    \"\"\"Everything on the shelves.\"\"\"

    @post_mapping(status_code=201)
    async def create(self, new: Valid[NewItem]) -> Item:
        \"\"\"Put an item on the shelf.\"\"\"
        return Item(id=1, **new.model_dump())

    @get_mapping("/{item_id}")
    async def find(self, item_id: PathVar[int], full: QueryParam[bool] = False) -> Item:
        \"\"\"Find an item.\"\"\"
        return Item(id=item_id, name="full" if full else "short")


@pyfly_application(name="shop", scan_packages=["shop.main"])
class Application:
    pass


pyfly = PyFlyApplication(Application)


@asynccontextmanager
async def lifespan(app):
    await pyfly.startup()
    try:
        yield
    finally:
        await pyfly.shutdown()


app = create_app(title="The <shop>", context=pyfly.context, lifespan=lifespan)
"""


class Screen:
    """What a person sees and does in the browser."""

    def __init__(self, browser: Chrome, root: str) -> None:
        self.browser = browser
        self.root = root
        # Pages draw their parts anew while they load.
        self.wait = WebDriverWait(browser, DEADLINE, ignored_exceptions=[StaleElementReferenceException])

    def open(self, path: str) -> None:
        # What the start page of the browser did is of no interest.
        self.browser.get("about:blank")
        self.browser.get_log("performance")
        self.browser.get(f"{self.root}{path}")

    def find(self, selector: str) -> WebElement:
        condition = lambda browser: browser.find_elements(By.CSS_SELECTOR, selector)  # noqa: E731
        return self.wait.until(condition, f"{selector} on the page")[0]

    def click(self, selector: str) -> None:
        self.browser.execute_script("arguments[0].scrollIntoView()", self.find(selector))
        self.find(selector).click()

    def wait_for_text(self, selector: str, text: str) -> None:
        self.find(selector)
        shown = lambda browser: text in self.find(selector).text  # noqa: E731
        self.wait.until(shown, f"{text!r} in {selector}")

    def complaints(self) -> list[Any]:
        return self.browser.get_log("browser")

    def hosts(self) -> set[str]:
        messages = (json.loads(entry["message"])["message"] for entry in self.browser.get_log("performance"))
        sent = (
            message["params"]["request"]["url"]
            for message in messages
            if message["method"] == "Network.requestWillBeSent"
        )
        return {urlsplit(url).netloc for url in sent if url.startswith(("http", "ws"))}


@pytest.fixture(params=["", "/shop"])
def screen(request: Any, tmp_path: Path, pyfly_run: Any, free_port: Any, browser: Chrome) -> Screen:
    base_path, port = request.param, free_port()
    package = tmp_path / "src" / "shop"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "main.py").write_text(APPLICATION)
    settings = {"app": {"module": "shop.main:app"}, "web": {"base-path": base_path}}
    (tmp_path / "pyfly.yaml").write_text(json.dumps({"pyfly": settings}))
    process = pyfly_run("--host", "127.0.0.1", "--port", str(port), cwd=tmp_path)
    process.wait_for_port(port)
    return Screen(browser, f"http://127.0.0.1:{port}{base_path}")


def test_swagger_ui_shows_operations_and_sends_requests_without_another_host(screen: Screen) -> None:
    screen.open("/docs")
    screen.wait_for_text("#swagger-ui", "Put an item on the shelf.")
    screen.click("#operations-Item-create .opblock-summary-control")
    screen.click("#operations-Item-create .try-out__btn")
    screen.click("#operations-Item-create .execute")
    screen.wait_for_text(
        "#operations-Item-create .live-responses-table .response .response-col_status", "201"
    )

    answer = screen.find(
        "#operations-Item-create .live-responses-table .response .response-col_description pre"
    ).text
    assert json.loads(answer) == {"name": "tea", "quantity": 2, "id": 1}
    assert screen.find("#operations-Item-create .request-url").text.endswith(f"{screen.root}/items")
    assert screen.browser.title == "The <shop> - Swagger UI"
    assert screen.hosts() == {urlsplit(screen.root).netloc}
    assert screen.complaints() == []


def test_swagger_ui_sends_path_and_query_parameters(screen: Screen) -> None:
    screen.open("/docs#/Item/find")
    screen.click("#operations-Item-find .try-out__btn")
    screen.find("#operations-Item-find [data-param-name=item_id] input").send_keys("7")
    screen.click("#operations-Item-find [data-param-name=full] select option[value=true]")
    screen.click("#operations-Item-find .execute")
    screen.wait_for_text("#operations-Item-find .live-responses-table .response .response-col_status", "200")

    answer = screen.find(
        "#operations-Item-find .live-responses-table .response .response-col_description pre"
    ).text
    assert json.loads(answer) == {"name": "full", "quantity": 2, "id": 7}


def test_redoc_renders_operations_without_another_host(screen: Screen) -> None:
    screen.open("/redoc")
    screen.wait_for_text("#redoc", "Put an item on the shelf.")
    screen.wait_for_text("#redoc", "Everything on the shelves.")

    assert screen.find("#redoc h1").text.startswith("The <shop> (")
    assert screen.browser.title == "The <shop> - ReDoc"
    assert screen.hosts() == {urlsplit(screen.root).netloc}
    assert screen.complaints() == []
