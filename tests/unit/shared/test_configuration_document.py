"""The documented settings are those that the code reads."""

from __future__ import annotations

from deploy.local.options import STACK_SETTINGS, data_folder, serving_options
from deploy.settings_table import CONFIGURATION, configuration_document
from services.engine.settings import Settings as EngineSettings
from services.gateway.settings import Settings as GatewaySettings
from shared.settings import declared_settings


def test_the_document_is_current() -> None:
    assert CONFIGURATION.read_text(encoding="utf-8") == configuration_document(), "run `make docs`"


def test_every_setting_has_a_row_with_its_default_and_a_sentence() -> None:
    document = configuration_document()
    declared = [*declared_settings(GatewaySettings), *declared_settings(EngineSettings), *STACK_SETTINGS]
    for setting in declared:
        assert f"| `{setting.name}` |" in document
        assert setting.description.endswith("."), setting.name
    assert "| `PORT` | `8080` |" in document
    assert "| `SECRET_KEY` | required |" in document


def test_the_local_stack_s_defaults_are_the_documented_ones() -> None:
    documented = {setting.name: setting.default for setting in STACK_SETTINGS}
    options = serving_options({})
    assert str(options.gateway_port) == documented["PORT"]
    assert data_folder({}).name == documented["DATA_DIR"]
    assert (options.api_key, options.mongo_url, options.amqp_url) == (None, None, None)
    given = {
        "PORT": "9",
        "API_KEY": "k",
        "MONGO_URL": "mongodb://m/d",
        "AMQP_URL": "amqp://a/",
        "DATA_DIR": "/d",
    }
    options = serving_options(given)
    assert (options.gateway_port, options.api_key, options.mongo_url, options.amqp_url) == (
        9,
        "k",
        "mongodb://m/d",
        "amqp://a/",
    )
