"""The plugin ``satudata_organizations``: bodies with the fields of their kind."""

from __future__ import annotations

from typing import Any, cast

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.common import CKANConfig
from ckan.exceptions import CkanConfigurationException
from ckan.types import Context, Schema
from typing_extensions import override

from ckanext.scheming import plugins as scheming
from ckanext.scheming.validation import validators_from_string

from . import guard, kinds
from .registry import NO_PARENT


@tk.blanket.config_declarations
class SatudataOrganizationsPlugin(scheming.SchemingOrganizationsPlugin, p.IConfigurable):
    """ckanext-scheming's organizations, with one type and many kinds.

    Types of one's own (``type: opd``) would be left out of ``organization_list``, harvesters
    and most clients, so every body is a CKAN ``organization`` and its kind decides its
    fields. Stock scheming reads one file per type and knows no fields of a kind; here the
    kind files that the schema names (``kind_schemas``) are merged into it when it is loaded,
    and its ``after_validators`` apply them on saving. Everything else is scheming's own work.

    Loaded instead of ``scheming_organizations``, together with ``satudata``, whose validators
    and helpers the schema uses.
    """

    @override
    def update_config(self, config: CKANConfig) -> None:
        super().update_config(config)
        merged = {
            name: kinds.merge(schema, [scheming._load_schema(u) for u in schema["kind_schemas"]])
            if "kind_schemas" in schema
            else schema
            for name, schema in self._schemas.items()
        }
        self._after = {n: s.get("after_validators", "") for n, s in merged.items()}
        self._schemas = {
            name: {k: v for k, v in schema.items() if k != "after_validators"}
            for name, schema in merged.items()
        }
        self._expanded_schemas = scheming._expand_schemas(self._schemas)

    @override
    def configure(self, config: CKANConfig) -> None:
        if not p.plugin_loaded("satudata"):
            raise CkanConfigurationException(
                "The plugin satudata_organizations needs the plugin satudata in ckan.plugins"
            )

    @override
    def validate(
        self, context: Context, data_dict: dict[str, Any], schema: Schema, action: str
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Validate for saving or for showing.

        The rules about a body as a whole (``after_validators``) are for saving: scheming would
        run an organization's also whenever it is shown, and they hold a lock. A blank choice
        of parent means that there is none; CKAN would ask for a name.
        """
        if not action.endswith("_show"):
            name = data_dict.get("type") or self.UNSPECIFIED_GROUP_TYPE
            after = validators_from_string(
                self._after.get(name, ""), None, self._expanded_schemas.get(name)
            )
            before: list[Any] = list(cast("Any", schema.get("__after", [])))
            schema = {**schema, "__after": [*before, *after]}
            if isinstance(data_dict.get("groups"), list):
                data_dict["groups"] = [g for g in data_dict["groups"] if _names_a_body(g)]
                cast("dict[str, Any]", context)[NO_PARENT] = not data_dict["groups"]
        return super().validate(context, data_dict, schema, action)

    @override
    def get_actions(self) -> dict[str, Any]:
        return {**super().get_actions(), **guard.actions()}

    @override
    def group_form(self, group_type: str | None = None) -> Any:
        return "organization/satudata_form.html"

    @override
    def about_template(self) -> Any:
        return "organization/satudata_about.html"


def _names_a_body(entry: Any) -> bool:
    return not isinstance(entry, dict) or any(entry.get(k) for k in ("name", "id"))
