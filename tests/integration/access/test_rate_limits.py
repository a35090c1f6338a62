"""Rate limits: per key, for all gateways together, told in headers."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

from bson import ObjectId

from services.gateway import app_keys
from services.gateway.settings import Settings
from services.gateway.store.rate_limits import WINDOW_SECONDS, RateLimits
from tests.integration.access.conftest import Gateway, serving


async def fresh_window(seconds: float) -> None:
    """Return at a moment when at least `seconds` of the present window are left."""
    left = WINDOW_SECONDS - time.time() % WINDOW_SECONDS
    if left < seconds:
        await asyncio.sleep(left)


async def test_calls_over_the_limit_are_refused_until_the_minute_is_over(settings: Settings) -> None:
    async with serving(replace(settings, rate_limit_per_minute=3)) as gateway:
        key, other = await gateway.key("limited"), await gateway.key("limited")
        await fresh_window(5)
        remaining = []
        for _ in range(3):
            async with gateway.session.get("/ocr-invoice-job", headers={"api-key": key}) as response:
                assert response.status == 200
                assert response.headers["RateLimit-Limit"] == "3"
                remaining.append(response.headers["RateLimit-Remaining"])
        assert remaining == ["2", "1", "0"]

        async with gateway.session.get("/ocr-invoice-job", headers={"api-key": key}) as response:
            answer = await response.json()
            wait = response.headers["Retry-After"]
            assert (response.status, response.headers["RateLimit-Remaining"]) == (429, "0")
        assert 1 <= int(wait) <= WINDOW_SECONDS
        assert answer == {
            "success": False,
            "message": f"This API key may call 3 times a minute; please try again in {wait} seconds.",
        }
        status, answer = await gateway.call("GET", "/v1/invoices/1/ocr", key)
        assert (status, answer["status"], answer["result"]) == (429, "Error", None)
        assert (await gateway.call("GET", "/ocr-invoice-job", other))[0] == 200
        assert (await gateway.call("GET", "/healthz"))[0] == 200


async def test_gateways_share_one_limit(gateway: Gateway) -> None:
    limit, key_id = 250, ObjectId()
    database = gateway.app[app_keys.DATABASE]
    now = time.time()
    replicas = [RateLimits(database, limit, clock=lambda: now) for _ in range(3)]
    taken = await asyncio.gather(*(replicas[n % 3].take(key_id) for n in range(2 * limit)))
    assert sum(allowance is not None and allowance.allowed for allowance in taken) == limit


async def test_no_limit_counts_nothing(gateway: Gateway) -> None:
    unlimited = RateLimits(gateway.app[app_keys.DATABASE], 0)
    assert await unlimited.take(ObjectId()) is None
