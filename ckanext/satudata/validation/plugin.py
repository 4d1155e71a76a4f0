"""The plugin class: which parts of CKAN this plugin takes part in, and nothing else."""

from __future__ import annotations

import os
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.common import CKANConfig
from ckan.lib.plugins import DefaultTranslation
from ckan.lib.webassets_tools import create_library
from ckan.types import Context

import ckanext.validation
from ckanext.validation.logic import auth as upstream_auth
from ckanext.validation.validators import get_validators

from . import compat, records, saving, schema_fields

compat.apply()

UPSTREAM = os.path.dirname(str(ckanext.validation.__file__))


@tk.blanket.actions
@tk.blanket.auth_functions(upstream_auth.get_auth_functions)
@tk.blanket.blueprints
@tk.blanket.cli
@tk.blanket.config_declarations
@tk.blanket.helpers
@tk.blanket.validators(get_validators)
class SatudataValidationPlugin(
    DefaultTranslation,
    p.IConfigurer,
    p.IPackageController,
    p.IResourceController,
    p.ITranslation,
    p.SingletonPlugin,
):
    """Validation of tables, in the place of upstream's plugin ``validation``."""

    # IConfigurer

    def update_config(self, config: CKANConfig) -> None:
        """Upstream's templates and assets, and ours in front of them."""
        tk.add_template_directory(config, os.path.join(UPSTREAM, "templates"))
        tk.add_template_directory(config, "templates")
        create_library("ckanext-validation", os.path.join(UPSTREAM, "webassets"))

    # ITranslation

    def i18n_directory(self) -> str:
        """One catalogue for all plugins of the package."""
        return os.path.join(os.path.dirname(os.path.dirname(__file__)), "i18n")

    def i18n_domain(self) -> str:
        """As the package is called."""
        return "ckanext-satudata"

    # IPackageController

    def after_dataset_create(self, context: Context, pkg_dict: dict[str, Any]) -> None:
        """Store, in the dataset's own transaction, what its validation found."""
        saving.carry_out(context, pkg_dict["id"])

    def after_dataset_update(self, context: Context, pkg_dict: dict[str, Any]) -> None:
        """Store, in the dataset's own transaction, what its validation found."""
        saving.carry_out(context, pkg_dict["id"])

    def before_dataset_index(self, pkg_dict: dict[str, Any]) -> dict[str, Any]:
        """Make datasets findable by the results of their resources."""
        return saving.index_results(pkg_dict)

    # IResourceController

    def before_resource_create(self, context: Context, resource: dict[str, Any]) -> None:
        """Accept the form's three ways of giving a schema."""
        schema_fields.process(resource)

    def before_resource_update(
        self, context: Context, current: dict[str, Any], resource: dict[str, Any]
    ) -> None:
        """Accept the form's three ways of giving a schema."""
        schema_fields.process(resource)

    def before_resource_delete(
        self, context: Context, resource: dict[str, Any], resources: list[dict[str, Any]]
    ) -> None:
        """A resource takes its result with it."""
        records.forget([resource["id"]])
