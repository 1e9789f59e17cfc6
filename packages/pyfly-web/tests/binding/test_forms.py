# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable
from datetime import date
from enum import Enum
from io import BytesIO
from typing import Annotated, Any

import pytest
from annotated_types import Ge, Len
from pydantic import BaseModel, Field

from pyfly.kernel.exceptions import InvalidRequestException, ValidationException
from pyfly.web import Body, File, Form, UploadedFile, Valid
from pyfly.web.binding import Exchange, compile_parameters
from pyfly.web.binding.form_data import FormData
from pyfly.web.errors import RouteDefinitionError
from pyfly.web.routing import PathTemplate

# For types that are only known when the test runs.
FILE: Any = File
FORM: Any = Form


class Colour(Enum):
    RED = "red"


class Person(BaseModel):
    name: str
    age: int | None = None
    tags: list[str] = []
    nick: str = Field(default="", alias="nickName")


class Application(BaseModel):
    name: str
    letter: UploadedFile
    photos: list[UploadedFile] = []


def parameters_of(function: Callable[..., Any]) -> Any:
    holder = type("Things", (), {function.__name__: function})
    return compile_parameters(holder, function, PathTemplate.parse("/"), {})


def bind(function: Callable[..., Any], form: FormData) -> Any:
    (parameter,) = parameters_of(function)
    exchange = Exchange({"type": "http", "headers": []}, None, None)
    exchange.form = form
    return parameter.bind(exchange)


def texts(**fields: list[str]) -> FormData:
    return FormData(fields)


def upload(name: str = "a.txt") -> UploadedFile:
    return UploadedFile(name, "text/plain", 1, BytesIO(b"x"))


class TestFiles:
    def test_file_is_found_by_the_name_of_the_parameter(self) -> None:
        def save(self: object, letter: File[UploadedFile]) -> None: ...

        wanted = upload()

        assert bind(save, FormData(files={"letter": [wanted], "other": [upload()]})) is wanted

    def test_last_one_of_several_is_taken(self) -> None:
        def save(self: object, letter: File[UploadedFile]) -> None: ...

        first, last = upload(), upload()

        assert bind(save, FormData(files={"letter": [first, last]})) is last

    def test_missing_file_is_refused(self) -> None:
        def save(self: object, letter: File[UploadedFile]) -> None: ...

        with pytest.raises(InvalidRequestException, match=r"^Missing required file: letter$") as refusal:
            bind(save, texts(letter=["text in its place"]))

        assert refusal.value.code == "MISSING_PARAMETER"
        assert refusal.value.context == {"parameter": "letter", "location": "form"}

    def test_optional_file_may_be_missing(self) -> None:
        def save(self: object, letter: File[UploadedFile | None]) -> None: ...

        assert bind(save, FormData()) is None

    def test_default_takes_the_place_of_a_missing_file(self) -> None:
        default = upload()

        def save(self: object, letter: File[UploadedFile] = default) -> None: ...

        assert bind(save, FormData()) is default

    def test_list_takes_all_files(self) -> None:
        def save(self: object, photos: File[list[UploadedFile]]) -> None: ...

        photos = [upload("1"), upload("2")]

        assert bind(save, FormData(files={"photos": photos})) == photos
        assert bind(save, FormData()) == []

    def test_missing_list_may_be_told_apart(self) -> None:
        def save(self: object, photos: File[list[UploadedFile] | None]) -> None: ...

        assert bind(save, FormData()) is None

    def test_number_of_files_can_be_constrained(self) -> None:
        def save(self: object, photos: File[Annotated[list[UploadedFile], Len(1, 2)]]) -> None: ...

        with pytest.raises(ValidationException) as refusal:
            bind(save, FormData(files={"photos": [upload()] * 3}))

        assert refusal.value.context["errors"][0]["loc"] == ("form", "photos")
        with pytest.raises(ValidationException):
            bind(save, FormData())

    @pytest.mark.parametrize("hint", [bytes, str, list[bytes], object, UploadedFile | str])
    def test_other_types_are_refused_when_routes_are_compiled(self, hint: Any) -> None:
        def save(self: object, letter: Any) -> None: ...

        save.__annotations__["letter"] = FILE[hint]
        with pytest.raises(RouteDefinitionError, match="File takes an UploadedFile or a list of them"):
            parameters_of(save)


class TestFields:
    @pytest.mark.parametrize(
        ("hint", "sent", "value"),
        [
            (str, ["tea"], "tea"),
            (str, ["", "last"], "last"),
            (int, ["7"], 7),
            (bool, ["on"], True),
            (date, ["2026-01-02"], date(2026, 1, 2)),
            (Colour, ["red"], Colour.RED),
            (int | None, [""], None),
            (list[int], ["1", "2"], [1, 2]),
            (set[str], ["a", "a"], {"a"}),
            (Annotated[int, Ge(1)], ["1"], 1),
        ],
    )
    def test_text_becomes_a_value_of_the_type(self, hint: Any, sent: list[str], value: Any) -> None:
        def save(self: object, field: Any) -> None: ...

        save.__annotations__["field"] = FORM[hint]

        assert bind(save, texts(field=sent)) == value

    def test_text_that_is_no_such_value_is_refused(self) -> None:
        def save(self: object, age: Form[int]) -> None: ...

        with pytest.raises(InvalidRequestException, match="Cannot convert 'old' to int") as refusal:
            bind(save, texts(age=["old"]))

        assert refusal.value.context == {"parameter": "age", "location": "form"}

    def test_broken_constraint_is_refused(self) -> None:
        def save(self: object, age: Form[Annotated[int, Ge(18)]]) -> None: ...

        with pytest.raises(ValidationException) as refusal:
            bind(save, texts(age=["17"]))

        assert refusal.value.context["errors"][0]["loc"] == ("form", "age")

    @pytest.mark.parametrize("hint", [str, list[str]])
    def test_missing_field_is_refused(self, hint: Any) -> None:
        def save(self: object, name: Any) -> None: ...

        save.__annotations__["name"] = FORM[hint]
        with pytest.raises(InvalidRequestException, match=r"^Missing required form field: name$") as refusal:
            bind(save, FormData(files={"name": [upload()]}))

        assert refusal.value.code == "MISSING_PARAMETER"

    def test_missing_field_may_have_a_default(self) -> None:
        def save(self: object, tags: Form[list[str]] = ["none"]) -> None: ...  # noqa: B006

        assert bind(save, FormData()) == ["none"]

    @pytest.mark.parametrize("hint", [dict[str, str], list[Person], list[list[int]]])
    def test_type_without_a_text_is_refused_when_routes_are_compiled(self, hint: Any) -> None:
        def save(self: object, name: Any) -> None: ...

        save.__annotations__["name"] = FORM[hint]
        with pytest.raises(RouteDefinitionError, match="no single text can be turned into"):
            parameters_of(save)

    @pytest.mark.parametrize("hint", [UploadedFile, list[UploadedFile], UploadedFile | None])
    def test_file_among_the_texts_is_refused_when_routes_are_compiled(self, hint: Any) -> None:
        def save(self: object, name: Any) -> None: ...

        save.__annotations__["name"] = FORM[hint]
        with pytest.raises(RouteDefinitionError, match="Use File in place of Form"):
            parameters_of(save)


class TestModels:
    def test_model_takes_the_whole_form(self) -> None:
        def save(self: object, person: Form[Person]) -> None: ...

        form = texts(name=["Ada"], age=["36"], tags=["a", "b"], nickName=["ad"])

        assert bind(save, form) == Person(name="Ada", age=36, tags=["a", "b"], nickName="ad")

    def test_empty_text_is_no_number(self) -> None:
        def save(self: object, person: Form[Person]) -> None: ...

        assert bind(save, texts(name=[""], age=[""])) == Person(name="", age=None)

    def test_faults_are_told_by_field(self) -> None:
        def save(self: object, person: Form[Person]) -> None: ...

        with pytest.raises(ValidationException) as refusal:
            bind(save, texts(age=["old"]))

        assert [fault["loc"] for fault in refusal.value.context["errors"]] == [
            ("form", "name"),
            ("form", "age"),
        ]

    def test_model_may_hold_files(self) -> None:
        def save(self: object, application: Form[Application]) -> None: ...

        letter, photos = upload(), [upload("1"), upload("2")]
        bound = bind(save, FormData({"name": ["Ada"]}, {"letter": [letter], "photos": photos}))

        assert (bound.name, bound.letter, bound.photos) == ("Ada", letter, photos)

    def test_file_in_the_place_of_text_is_not_taken(self) -> None:
        def save(self: object, person: Form[Person]) -> None: ...

        with pytest.raises(ValidationException):
            bind(save, FormData(files={"name": [upload()]}))

    def test_optional_model_may_be_missing(self) -> None:
        def save(self: object, person: Form[Person | None]) -> None: ...

        assert bind(save, texts(other=["x"])) is None
        with pytest.raises(ValidationException):
            bind(save, texts(age=["3"]))


@pytest.mark.parametrize("form", [Form[str], File[UploadedFile]])
@pytest.mark.parametrize("body", [Body[str], Valid[Person]])
def test_form_and_whole_body_together_are_refused(form: Any, body: Any) -> None:
    def save(self: object, content: Any, field: Any) -> None: ...

    save.__annotations__.update(content=body, field=form)
    with pytest.raises(
        RouteDefinitionError, match="content takes the request body, and field takes a part of it"
    ):
        parameters_of(save)


async def test_every_file_of_a_form_is_closed_even_if_one_fails() -> None:
    class Stuck(BytesIO):
        def close(self) -> None:
            raise OSError("stuck")

    content = BytesIO()
    files = [UploadedFile("a", "b", 1, Stuck()), UploadedFile("a", "b", 1, content)]

    with pytest.raises(ExceptionGroup, match="could not be closed"):
        await FormData(files={"f": files}).close()

    assert content.closed
