"""What the services are told: all they need, through which user settings pass, and no secret too many."""

from __future__ import annotations

from pathlib import Path

from deploy.local.data_directory import locked_data_directory
from deploy.local.services import engine_process, gateway_process

SECRETS = {"SECRET_KEY": "a", "API_KEY": "b", "MONGO_URL": "mongodb://elsewhere/"}


async def test_the_gateway_gets_its_addresses_and_a_secret_that_stays(tmp_path: Path) -> None:
    secret_keys = []
    for _ in range(2):
        async with locked_data_directory(tmp_path) as directory:
            process = gateway_process(
                directory,
                {"LOG_LEVEL": "DEBUG", "PORT": "1"},
                port=20001,
                api_key="key",
                mongo_url="mongodb://database/",
                amqp_url="amqp://broker/",
            )
        told = process.environment
        secret_keys.append(told["SECRET_KEY"])
        assert (told["HOST"], told["PORT"]) == ("127.0.0.1", "20001")
        assert told["PUBLIC_URL"] == "http://127.0.0.1:20001"
        assert (told["MONGO_URL"], told["AMQP_URL"]) == ("mongodb://database/", "amqp://broker/")
        assert (told["API_KEY"], told["LOG_LEVEL"]) == ("key", "DEBUG")
    assert secret_keys[0] == secret_keys[1]
    assert len(bytes.fromhex(secret_keys[0])) == 32


async def test_the_engine_gets_no_secret_of_the_gateway(tmp_path: Path) -> None:
    settings = {**SECRETS, "FETCH_ALLOW_HOSTS": "files.example", "WORKERS": "2"}
    async with locked_data_directory(tmp_path) as directory:
        process = engine_process(
            directory, settings, name="engine", gateway_url="http://gateway/", amqp_url="amqp://broker/"
        )
        told = process.environment
        assert not SECRETS.keys() & told.keys()
        assert (told["GATEWAY_URL"], told["AMQP_URL"]) == ("http://gateway/", "amqp://broker/")
        assert (told["FETCH_ALLOW_HOSTS"], told["WORKERS"]) == ("files.example", "2")
        assert told["HEALTH_HOST"] == "127.0.0.1"
        assert told["MODEL_DIR"] == str(directory.path / "models")
