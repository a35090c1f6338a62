"""API keys: making, showing, revoking, last use, and the command."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from datetime import timedelta
from types import SimpleNamespace

import pytest

from services.gateway import app_keys
from services.gateway.settings import Settings
from services.gateway.store.api_keys import REMEMBERED_SECONDS, ApiKeys
from services.gateway.store.repository import utc_now
from tests.integration.access.conftest import FIRST_KEY, SECRET_KEY, Gateway


async def test_a_key_is_shown_once_and_works(gateway: Gateway) -> None:
    admin = await gateway.key("keys-shown", ("admin",))
    status, answer = await gateway.call("POST", "/api-keys", admin, json={"name": "ERP", "scopes": ["read"]})
    assert status == 201
    made = answer["data"]
    assert re.fullmatch(r"ll_[A-Za-z0-9_-]{43}", made["key"])
    assert made["scopes"] == ["read"]
    assert made["status"] == "active"

    status, answer = await gateway.call("GET", f"/api-keys/{made['_id']}", admin)
    assert status == 200
    assert "key" not in answer["data"]
    _, listed = await gateway.call("GET", "/api-keys", admin)
    assert listed["total"] == 2
    assert made["key"] not in str(listed)

    assert (await gateway.call("GET", "/ocr-invoice-job", made["key"]))[0] == 200
    stored = await gateway.app[app_keys.API_KEYS].collection.find_one({"name": "ERP"})
    assert stored is not None
    assert made["key"] not in str(stored)


async def test_a_revoked_key_is_refused_and_stays_listed(gateway: Gateway) -> None:
    admin = await gateway.key("keys-revoked", ("admin",))
    _, answer = await gateway.call("POST", "/api-keys", admin, json={"name": "old"})
    made = answer["data"]
    status, answer = await gateway.call("POST", f"/api-keys/{made['_id']}/revoke", admin)
    assert (status, answer["data"]["status"]) == (200, "revoked")
    first_time = answer["data"]["revokedAt"]
    _, again = await gateway.call("POST", f"/api-keys/{made['_id']}/revoke", admin)
    assert again["data"]["revokedAt"] == first_time

    status, answer = await gateway.call("GET", "/ocr-invoice-job", made["key"])
    assert (status, answer["message"]) == (401, "The API key is revoked.")


async def test_input_is_checked(gateway: Gateway) -> None:
    admin = await gateway.key("keys-input", ("admin",))
    past = (utc_now() - timedelta(seconds=1)).isoformat()
    for body, field in [
        ({}, "name"),
        ({"name": "a", "scopes": []}, "scopes"),
        ({"name": "a", "scopes": ["root"]}, "scopes"),
        ({"name": "a", "expiresAt": past}, "expiresAt"),
        ({"name": "a", "tenant": "other"}, "tenant"),
    ]:
        status, answer = await gateway.call("POST", "/api-keys", admin, json=body)
        assert (status, list(answer["errors"])) == (400, [field])
    _, listed = await gateway.call("GET", "/api-keys", admin)
    assert listed["total"] == 1


async def test_the_key_of_the_settings_has_all_scopes(gateway: Gateway) -> None:
    assert (await gateway.call("GET", "/api-keys", FIRST_KEY))[0] == 200
    assert (await gateway.call("POST", "/ocr-invoice-job-template", FIRST_KEY, json={"name": "t"}))[0] == 201


async def test_last_use_is_written_once_a_minute(gateway: Gateway) -> None:
    api_keys = gateway.app[app_keys.API_KEYS]
    record, key = await api_keys.create("keys-use", "used", ["read"], None)

    async def last_use_after_a_call() -> object:
        assert (await gateway.call("GET", "/ocr-invoice-job", key))[0] == 200
        return (await api_keys.get("keys-use", record["_id"])).get("lastUsedAt")

    first = await last_use_after_a_call()
    assert first is not None
    assert await last_use_after_a_call() == first
    long_ago = utc_now() - timedelta(seconds=61)
    await api_keys.update("keys-use", record["_id"], {"lastUsedAt": long_ago})
    assert await last_use_after_a_call() not in (first, long_ago)


async def test_refused_calls_are_no_use(gateway: Gateway) -> None:
    api_keys = gateway.app[app_keys.API_KEYS]
    record, key = await api_keys.create("keys-refused", "reader", ["read"], None)
    assert (await gateway.call("DELETE", f"/ocr-invoice-job/{record['_id']}", key))[0] == 403
    assert (await api_keys.get("keys-refused", record["_id"])).get("lastUsedAt") is None


async def test_a_key_revoked_while_it_is_looked_up_is_not_remembered(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = ApiKeys(gateway.app[app_keys.DATABASE], gateway.app[app_keys.SETTINGS].secret_key)
    _, key = await keys.create("keys-race", "revoked meanwhile", ["read"], None)
    find_one = keys.collection.find_one

    async def answer_late(conditions: dict[str, object]) -> dict[str, object] | None:
        found: dict[str, object] | None = await find_one(conditions)
        await keys.revoke(key)
        return found

    with monkeypatch.context() as patched:
        patched.setattr(
            keys, "collection", SimpleNamespace(find_one=answer_late, update_one=keys.collection.update_one)
        )
        before = await keys.find(key)
    after = await keys.find(key)
    assert before is not None
    assert not before.revoked
    assert after is not None
    assert after.revoked


async def test_a_key_that_another_gateway_revokes_is_refused_within_seconds(gateway: Gateway) -> None:
    elsewhere = ApiKeys(gateway.app[app_keys.DATABASE], gateway.app[app_keys.SETTINGS].secret_key)
    record, key = await elsewhere.create("keys-elsewhere", "made elsewhere", ["read"], None)
    assert (await gateway.call("GET", "/ocr-invoice-job", key))[0] == 200
    await elsewhere.revoke_by_id("keys-elsewhere", record["_id"])
    async with asyncio.timeout(3 * REMEMBERED_SECONDS):
        while (await gateway.call("GET", "/ocr-invoice-job", key))[0] != 401:
            await asyncio.sleep(0.05)


async def test_the_command_makes_lists_and_revokes(gateway: Gateway, settings: Settings) -> None:
    async def command(*arguments: str) -> tuple[int | None, str, str]:
        environment = {**os.environ, "SECRET_KEY": SECRET_KEY, "MONGO_URL": settings.mongo_url}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "services.gateway.keys_command", *arguments),
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        output, errors = await process.communicate()
        return process.returncode, output.decode(), errors.decode()

    status, output, _ = await command(
        "create", "--tenant", "keys-command", "--name", "nightly", "--scopes", "read"
    )
    assert status == 0
    key, key_id = output.split()[-1], output.split()[0]
    assert (await gateway.call("GET", "/ocr-invoice-job", key))[0] == 200

    status, output, _ = await command("list", "--tenant", "keys-command")
    assert status == 0
    assert output.startswith(f"{key_id}  keys-command  read  nightly  last used ")
    assert key not in output

    status, output, _ = await command("revoke", key_id)
    assert (status, "revoked" in output) == (0, True)
    assert (await gateway.call("GET", "/ocr-invoice-job", key))[0] == 401

    assert await command("revoke", "0" * 24) == (1, "", "API key not found.\n")
    status, _, errors = await command("create", "--tenant", "a", "--name", "b", "--scopes", "root")
    assert status == 2
    assert "'root' is none of read, write, admin" in errors
