"""The plugin by itself: what it promises to whoever used upstream's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import pytest
import yaml
from ckan.common import config_declaration

import ckanext.satudata.validation as package

DECLARED = yaml.safe_load(
    Path(package.__file__).with_name("config_declaration.yaml").read_text(encoding="utf-8")
)
OPTIONS = [option for group in DECLARED["groups"] for option in group["options"]]


@pytest.mark.usefixtures("portal")
class TestPlugin:
    def test_needs_no_other_plugin_of_ours(self) -> None:
        assert p.plugin_loaded("satudata_validation")
        assert not p.plugin_loaded("satudata")
        assert not p.plugin_loaded("validation")

    @pytest.mark.parametrize("name", ["run", "show", "delete", "run_batch"])
    def test_actions_and_their_authorization(self, name: str) -> None:
        from ckan.authz import auth_functions_list

        assert callable(tk.get_action(f"resource_validation_{name}"))
        assert f"resource_validation_{name}" in auth_functions_list()

    def test_reading_a_result_is_a_get(self) -> None:
        assert tk.get_action("resource_validation_show").side_effect_free

    @pytest.mark.parametrize(
        "name",
        [
            "get_validation_badge",
            "validation_extract_report_from_errors",
            "dump_json_value",
            "bootstrap_version",
            "validation_hide_source",
            "is_url_valid",
        ],
    )
    def test_helpers(self, name: str) -> None:
        assert name in tk.h

    @pytest.mark.parametrize("name", ["resource_schema_validator", "validation_options_validator"])
    def test_validators(self, name: str) -> None:
        assert callable(tk.get_validator(name))

    def test_no_command_or_page_beside_the_promised_ones(self) -> None:
        plugin = p.get_plugin("satudata_validation")
        assert [command.name for command in plugin.get_commands()] == ["validation"]
        assert [blueprint.name for blueprint in plugin.get_blueprint()] == ["validation"]

    def test_results_are_indexed(self) -> None:
        plugin = p.get_plugin("satudata_validation")
        data = (
            '{"resources": [{"validation_status": "success"}, {}, {"validation_status": "error"}]}'
        )
        indexed = plugin.before_dataset_index({"validated_data_dict": data})
        assert indexed["vocab_validation_status"] == ["success", "error"]
        assert "vocab_validation_status" not in plugin.before_dataset_index(
            {"validated_data_dict": "{}"}
        )

    @pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option["key"])
    def test_options_are_declared_and_described(self, option: dict[str, Any]) -> None:
        assert option["key"].startswith("ckanext.validation.")
        assert option["description"].strip()
        assert config_declaration.get(option["key"]) is not None

    @pytest.mark.parametrize("kind", ["upload", "url", "json"])
    def test_sources_of_a_schema_can_be_hidden(self, settings: Any, kind: str) -> None:
        assert not tk.h.validation_hide_source(kind)
        settings[f"ckanext.validation.form.hide_{kind}_source"] = True
        assert tk.h.validation_hide_source(kind)
        assert not tk.h.validation_hide_source("other")
