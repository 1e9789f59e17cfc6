# SPDX-License-Identifier: Apache-2.0
from dataclasses import dataclass, field
from typing import Any

import pytest
from pydantic import BaseModel

from pyfly.config.binding import config_properties
from pyfly.config.errors import BindingError
from pyfly.config.store import Config


@dataclass
class Server:
    url: str
    pool_size: int = 1


class Client(BaseModel):
    url: str
    pool_size: int = 1


@config_properties("pyfly.shop")
@dataclass
class Shop:
    servers: list[Server] = field(default_factory=list)
    clients: list[Client] = field(default_factory=list)
    ports: list[int] = field(default_factory=list)
    tags: set[str] = field(default_factory=set)
    pair: tuple[int, int] = (0, 0)
    names: tuple[str, ...] = ()
    groups: dict[str, list[int]] = field(default_factory=dict)
    by_name: dict[str, Server] = field(default_factory=dict)
    grid: list[list[int]] = field(default_factory=list)


@config_properties("pyfly.shop")
class ShopModel(BaseModel):
    servers: list[Client] = []
    ports: list[int] = []


def bind(section: dict[str, Any] | None = None) -> Shop:
    return Config({"pyfly": {"shop": section or {}}}).bind(Shop)


def problems(section: dict[str, Any] | None = None) -> list[str]:
    with pytest.raises(BindingError) as caught:
        bind(section)

    return [str(problem) for problem in caught.value.problems]


@pytest.fixture
def variables(monkeypatch: pytest.MonkeyPatch) -> Any:
    def set_all(**texts: str) -> None:
        for name, text in texts.items():
            monkeypatch.setenv(f"PYFLY_SHOP_{name}", text)

    return set_all


def test_variables_alone_make_a_list_of_values(variables: Any) -> None:
    variables(PORTS_0="80", PORTS_1="81", TAGS_0="a", NAMES_0="x", NAMES_1="y,z", PAIR_0="1", PAIR_1="2")
    shop = bind()
    assert (shop.ports, shop.tags, shop.names, shop.pair) == ([80, 81], {"a"}, ("x", "y,z"), (1, 2))


def test_variables_alone_make_a_list_of_sections(variables: Any) -> None:
    variables(
        SERVERS_0_URL="a",
        SERVERS_1_URL="b",
        SERVERS_1_POOL_SIZE="5",
        CLIENTS_0_URL="c",
        CLIENTS_0_POOL_SIZE="6",
    )
    shop = bind()
    assert shop.servers == [Server("a"), Server("b", 5)]
    assert shop.clients == [Client(url="c", pool_size=6)]


def test_variables_make_the_lists_of_a_model(variables: Any) -> None:
    variables(SERVERS_0_URL="a", SERVERS_0_POOL_SIZE="5", PORTS_0="80")
    assert Config().bind(ShopModel) == ShopModel(servers=[Client(url="a", pool_size=5)], ports=[80])


def test_variable_overrides_one_item_of_a_file(variables: Any) -> None:
    variables(PORTS_1="8081", SERVERS_0_POOL_SIZE="7")
    shop = bind({"ports": [80, 81, 82], "servers": [{"url": "a", "pool-size": 1}, {"url": "b"}]})
    assert (shop.ports, shop.servers) == ([80, 8081, 82], [Server("a", 7), Server("b")])


def test_next_index_appends(variables: Any) -> None:
    variables(PORTS_2="82", PORTS_3="83", SERVERS_1_URL="b")
    shop = bind({"ports": [80, 81], "servers": [{"url": "a"}]})
    assert (shop.ports, shop.servers) == ([80, 81, 82, 83], [Server("a"), Server("b")])


def test_index_beats_the_list_of_a_variable(variables: Any) -> None:
    variables(PORTS="1,2", PORTS_1="9", PORTS_2="3")
    assert bind({"ports": [5]}).ports == [1, 9, 3]


def test_list_within_a_list_and_within_a_mapping_has_indices(variables: Any) -> None:
    variables(GRID_0_0="1", GRID_0_1="2", GRID_1="3,4", GROUPS_A_0="5", GROUPS_A_1="6")
    shop = bind()
    assert (shop.grid, shop.groups) == ([[1, 2], [3, 4]], {"a": [5, 6]})


def test_variables_name_an_entry_by_the_words_before_a_field(variables: Any) -> None:
    variables(BY_NAME_MAIN_POOL_SIZE="2", BY_NAME_MY_DB_URL="b", BY_NAME_MY_DB_POOL_SIZE="3")
    shop = bind({"by-name": {"Main": {"url": "a"}}})
    assert shop.by_name == {"Main": Server("a", 2), "my-db": Server("b", 3)}


def test_gap_is_a_problem(variables: Any) -> None:
    variables(PORTS_3="83", SERVERS_1_URL="b")
    assert problems({"ports": [80]}) == [
        "pyfly.shop.servers[1]: expected index 0 as the next of the list, got index 1 "
        "(from environment variable PYFLY_SHOP_SERVERS_1_URL)",
        "pyfly.shop.ports[3]: expected index 1 as the next of the list, got index 3 "
        "(from environment variable PYFLY_SHOP_PORTS_3)",
    ]


def test_huge_index_is_a_gap_and_costs_nothing(variables: Any) -> None:
    variables(PORTS_999999999="1")
    assert len(problems()) == 1


def test_empty_variable_of_an_item_counts_as_not_set(variables: Any) -> None:
    variables(PORTS_1="")
    assert bind({"ports": [80]}).ports == [80]


def test_index_with_a_leading_zero_is_no_index(variables: Any) -> None:
    variables(PORTS_00="1", PORTS_0X="1")
    assert bind().ports == []


def test_problem_of_an_item_names_its_variable(variables: Any) -> None:
    variables(PORTS_0="x", SERVERS_0_POOL_SIZE="y")
    assert problems() == [
        "pyfly.shop.servers[0].pool-size: expected an integer, got 'y' "
        "(from environment variable PYFLY_SHOP_SERVERS_0_POOL_SIZE)",
        "pyfly.shop.servers[0].url: expected text, got nothing",
        "pyfly.shop.ports[0]: expected an integer, got 'x' (from environment variable PYFLY_SHOP_PORTS_0)",
    ]


def test_number_of_values_is_checked_with_the_variables(variables: Any) -> None:
    variables(PAIR_2="3")
    assert problems({"pair": [1, 2]}) == [
        "pyfly.shop.pair: expected a list of 2 values, got a list of 2 items (from applicationConfig)"
    ]


def test_dotted_keys_with_indices_make_a_list() -> None:
    config = Config(
        {"pyfly.shop.servers[0].url": "a", "pyfly.shop.servers[1].url": "b", "pyfly.shop.ports[0]": 80}
    )
    shop = config.bind(Shop)
    assert (shop.servers, shop.ports) == ([Server("a"), Server("b")], [80])


def test_dotted_keys_may_stand_below_the_section() -> None:
    shop = bind({"servers[0].url": "a", "servers[0].pool-size": 2, "by-name.Main.url": "b"})
    assert (shop.servers, shop.by_name) == ([Server("a", 2)], {"Main": Server("b")})


@pytest.mark.parametrize("keys", [("0", "1", "2"), (0, 1, 2), ("2", "0", "1")])
def test_mapping_with_indices_for_keys_is_a_list(keys: tuple[Any, ...]) -> None:
    assert bind({"ports": {key: 80 + int(key) for key in keys}}).ports == [80, 81, 82]


def test_gap_in_the_keys_of_a_mapping_is_a_problem() -> None:
    assert problems({"ports": {"0": 1, "2": 3}}) == [
        "pyfly.shop.ports.2: expected index 1 as the next of the list, got index 2 (from applicationConfig)"
    ]


def test_mapping_with_other_keys_is_no_list() -> None:
    assert problems({"ports": {"0": 1, "first": 3}}) == [
        "pyfly.shop.ports: expected a list, got a mapping (from applicationConfig)"
    ]
