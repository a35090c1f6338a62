"""`python -m services.gateway.keys_command`: make, list and revoke API keys of every tenant."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from datetime import UTC, datetime

from bson import ObjectId
from pymongo.errors import PyMongoError

from services.gateway.settings import Settings
from services.gateway.store.api_keys import READ, SCOPES, WRITE, ApiKeys
from services.gateway.store.database import Database, Document
from services.gateway.store.repository import utc_now
from shared.errors import LedgerLensError
from shared.settings import load_settings


def main() -> None:
    """Run the command that the arguments name; a failure is one sentence and status 1."""
    options = _parser().parse_args()
    try:
        settings = load_settings(Settings, os.environ)
        asyncio.run(_run(settings, options))
    except (LedgerLensError, PyMongoError) as error:
        sys.exit(str(error))


async def _run(settings: Settings, options: argparse.Namespace) -> None:
    database = Database(settings.mongo_url)
    try:
        await database.create_indexes()
        keys = ApiKeys(database, settings.secret_key)
        match options.command:
            case "create":
                record, key = await keys.create(options.tenant, options.name, options.scopes, options.expires)
                print(f"{_line(record)}\nThe key, shown this once: {key}")
            case "list":
                for record in await keys.of_tenants(options.tenant):
                    print(_line(record))
            case "revoke":
                print(_line(await keys.revoke_anywhere(options.id)))
    finally:
        database.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m services.gateway.keys_command",
        description="Make, list and revoke API keys. Reads the gateway's settings from the environment: "
        "SECRET_KEY and MONGO_URL must be the gateway's own.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    create = commands.add_parser("create", help="make a key and print it, this once")
    create.add_argument("--tenant", required=True, help="whose records the key opens; may be new")
    create.add_argument("--name", required=True, help="what the key is for")
    create.add_argument(
        "--scopes",
        type=_scopes,
        default=[READ, WRITE],
        metavar="LIST",
        help=f"comma-separated, of {', '.join(SCOPES)} (default: read,write)",
    )
    create.add_argument("--expires", type=_moment, metavar="TIME", help="ISO 8601, such as 2030-01-31T12:00Z")
    show = commands.add_parser("list", help="print the keys' records, one a line")
    show.add_argument("--tenant", help="of this tenant only")
    revoke = commands.add_parser("revoke", help="refuse a key from now on")
    revoke.add_argument("id", type=_record_id, metavar="ID", help="the key's id, as `list` prints it")
    return parser


def _scopes(text: str) -> list[str]:
    scopes = text.split(",")
    for scope in scopes:
        if scope not in SCOPES:
            raise argparse.ArgumentTypeError(f"'{scope}' is none of {', '.join(SCOPES)}")
    return scopes


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a date and time in ISO 8601") from None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    if moment <= utc_now():
        raise argparse.ArgumentTypeError(f"'{text}' does not lie in the future")
    return moment


def _record_id(text: str) -> ObjectId:
    if not ObjectId.is_valid(text):
        raise argparse.ArgumentTypeError(f"'{text}' is not an id: 24 hexadecimal characters are expected")
    return ObjectId(text)


def _line(record: Document) -> str:
    states = {
        "expires": record.get("expiresAt"),
        "revoked": record.get("revokedAt"),
        "last used": record.get("lastUsedAt"),
    }
    shown = [f"{label} {moment:%Y-%m-%dT%H:%M:%SZ}" for label, moment in states.items() if moment]
    columns = [str(record["_id"]), record["tenant"], ",".join(record["scopes"]), record["name"], *shown]
    return "  ".join(columns)


if __name__ == "__main__":
    main()
