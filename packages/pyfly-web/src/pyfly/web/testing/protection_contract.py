# SPDX-License-Identifier: Apache-2.0
"""Headers that protect browsers, and requests of other origins."""

from pyfly.container.stereotypes import rest_controller
from pyfly.web.cors import CORSConfig
from pyfly.web.mappings import get_mapping, post_mapping, request_mapping
from pyfly.web.testing.adapter_hooks import AdapterHooks

HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-xss-protection": "0",
    "referrer-policy": "strict-origin-when-cross-origin",
}
HSTS = "strict-transport-security"
SHOP = "https://shop.example.com"
CORS = {
    "pyfly.web.cors.enabled": True,
    "pyfly.web.cors.allowed-origins": [SHOP],
    "pyfly.web.cors.allowed-methods": ["GET", "PUT"],
    "pyfly.web.cors.allowed-headers": ["X-Key"],
    "pyfly.web.cors.exposed-headers": ["X-Total"],
    "pyfly.web.cors.allow-credentials": True,
    "pyfly.web.cors.max-age": 60,
}


@rest_controller
@request_mapping("/s")
class ShopController:
    @get_mapping()
    async def shop(self) -> str:
        return "open"

    @post_mapping("/broken")
    async def broken(self) -> None:
        raise RuntimeError("broken")


class ProtectionContract(AdapterHooks):
    """Every answer carries the protecting headers; other origins are let in by name."""

    async def test_answer_carries_the_headers(self) -> None:
        async with self.serving(ShopController) as client:
            answer = await client.get("/s")

        assert {name: answer.header(name) for name in HEADERS} == HEADERS

    async def test_failures_carry_the_headers(self) -> None:
        async with self.serving(ShopController) as client:
            broken, unknown = await client.post("/s/broken"), await client.get("/nothing")
            refused = await client.delete("/s")

        assert {name: broken.header(name) for name in HEADERS} == HEADERS
        assert {name: unknown.header(name) for name in HEADERS} == HEADERS
        assert {name: refused.header(name) for name in HEADERS} == HEADERS

    async def test_transport_security_is_told_over_https_only(self) -> None:
        async with self.serving(ShopController) as client:
            plain = await client.get("/s")
            secure = await client.with_scheme("https").get("/s")

        assert plain.header(HSTS) is None
        assert secure.header(HSTS) == "max-age=31536000; includeSubDomains"

    async def test_header_of_the_handler_is_kept(self) -> None:
        make = self.native_response

        @rest_controller
        class FramedController:
            @get_mapping("/framed")
            async def framed(self) -> object:
                return make("framed", headers={"x-frame-options": "SAMEORIGIN"})

        async with self.serving(FramedController) as client:
            assert (await client.get("/framed")).header("x-frame-options") == "SAMEORIGIN"

    async def test_values_are_configured(self) -> None:
        settings = {
            "pyfly.web.security-headers.frame-options": "",
            "pyfly.web.security-headers.content-security-policy": "default-src 'self'",
        }
        async with self.serving(ShopController, config=settings) as client:
            answer = await client.get("/s")

        assert answer.header("x-frame-options") is None
        assert answer.header("content-security-policy") == "default-src 'self'"

    async def test_headers_can_be_switched_off(self) -> None:
        settings = {"pyfly.web.security-headers.enabled": False}
        async with self.serving(ShopController, config=settings) as client:
            answer = await client.get("/s")

        assert [answer.header(name) for name in HEADERS] == [None] * 4

    async def test_other_origins_are_told_nothing_by_default(self) -> None:
        async with self.serving(ShopController) as client:
            answer = await client.get("/s", headers={"origin": SHOP})

        assert answer.status == 200
        assert [name for name, _ in answer.headers if name.startswith("access-control-")] == []

    async def test_preflight_is_answered(self) -> None:
        headers = {
            "origin": SHOP,
            "access-control-request-method": "PUT",
            "access-control-request-headers": "x-key",
        }
        async with self.serving(ShopController, config=CORS) as client:
            answer = await client.options("/s", headers=headers)

        assert answer.status in (200, 204)
        assert answer.header("access-control-allow-origin") == SHOP
        assert "PUT" in answer.listed("access-control-allow-methods")
        assert "x-key" in [name.lower() for name in answer.listed("access-control-allow-headers")]
        assert answer.header("access-control-allow-credentials") == "true"
        assert answer.header("access-control-max-age") == "60"

    async def test_preflight_of_another_origin_is_refused(self) -> None:
        headers = {"origin": "https://evil.example.com", "access-control-request-method": "PUT"}
        async with self.serving(ShopController, config=CORS) as client:
            answer = await client.options("/s", headers=headers)

        assert answer.header("access-control-allow-origin") is None

    async def test_answer_tells_the_allowed_origin(self) -> None:
        async with self.serving(ShopController, config=CORS) as client:
            answer = await client.get("/s", headers={"origin": SHOP})

        assert answer.header("access-control-allow-origin") == SHOP
        assert answer.header("access-control-expose-headers") == "X-Total"
        assert "Origin" in answer.listed("vary")

    async def test_failure_tells_the_allowed_origin(self) -> None:
        async with self.serving(ShopController, config=CORS) as client:
            broken = await client.post("/s/broken", headers={"origin": SHOP})
            unknown = await client.get("/nothing", headers={"origin": SHOP})

        assert (broken.status, broken.header("access-control-allow-origin")) == (500, SHOP)
        assert (unknown.status, unknown.header("access-control-allow-origin")) == (404, SHOP)

    async def test_argument_goes_before_the_settings(self) -> None:
        cors = CORSConfig(allowed_origins=["https://other.example.com"])
        async with self.serving(ShopController, config=CORS, cors=cors) as client:
            other = await client.get("/s", headers={"origin": "https://other.example.com"})
            shop = await client.get("/s", headers={"origin": SHOP})

        assert other.header("access-control-allow-origin") == "https://other.example.com"
        assert shop.header("access-control-allow-origin") is None
