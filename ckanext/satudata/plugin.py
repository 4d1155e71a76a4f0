"""The extension's entry into CKAN: interfaces only, no decisions."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import authz, logic
from ckan.common import CKANConfig
from ckan.lib import signals
from ckan.lib.plugins import DefaultTranslation
from ckan.types import CKANApp, Context, SignalMapping
from typing_extensions import override

from . import faults, hooks, search
from .cli import get_commands
from .logic.action import get_actions
from .logic.auth import get_auth_functions
from .privacy import quiet, startup
from .store.content import ContentUpload
from .views import get_blueprints
from .workflow.onboarding import invitations, progress


@tk.blanket.actions(get_actions)
@tk.blanket.auth_functions(get_auth_functions)
@tk.blanket.blueprints(get_blueprints)
@tk.blanket.cli(get_commands)
@tk.blanket.config_declarations
@tk.blanket.helpers
@tk.blanket.validators
class SatudataPlugin(
    p.IConfigurer,
    p.IMiddleware,
    p.INotifier,
    p.IPackageController,
    p.ISignal,
    p.IUploader,
    DefaultTranslation,
    p.ITranslation,
    p.SingletonPlugin,
):
    """Compares every figure with what is public before it becomes public."""

    @override
    def update_config(self, config: CKANConfig) -> None:
        faults.watch_commits()
        quiet.install(config)
        tk.add_template_directory(config, "templates")
        tk.add_public_directory(config, "public")
        tk.add_resource("assets", "satudata")

    @override
    def make_middleware(self, app: CKANApp, config: CKANConfig) -> CKANApp:
        startup.check()
        # CKAN fills these tables at the first request: its own functions first, then what plugins
        # put in their place. Another thread meanwhile would get CKAN's own ones, not ours.
        logic.get_action("status_show")
        logic.get_validator("not_empty")
        authz.auth_functions_list()
        # CKAN's page of an organization looks for facets also where Solr refused the search.
        app.jinja_env.globals.setdefault("search_facets", {})
        return app

    @override
    def notify_about_topic(
        self, already_notified: bool, topic: str, details: dict[str, Any] | None = None
    ) -> bool:
        if already_notified or topic != "user_invited" or not details:
            return already_notified
        invitations.invited(details["user"], details["group"], details["role"])
        return True

    @override
    def get_signal_subscriptions(self) -> SignalMapping:
        return {signals.user_logged_in: [progress.logged_in]}

    @override
    def get_resource_uploader(self, resource: dict[str, Any]) -> ContentUpload:
        return ContentUpload(resource)

    @override
    def get_uploader(self, upload_to: str, old_filename: str | None) -> None:
        """Leave pictures of organizations and users to CKAN's own uploader."""

    @override
    def after_dataset_create(self, context: Context, pkg_dict: dict[str, Any]) -> None:
        hooks.dataset_created(pkg_dict)
        hooks.dataset_saved(context, pkg_dict)

    @override
    def after_dataset_update(self, context: Context, pkg_dict: dict[str, Any]) -> None:
        hooks.dataset_saved(context, pkg_dict)

    @override
    def after_dataset_delete(self, context: Context, pkg_dict: dict[str, Any]) -> None:
        hooks.dataset_deleted(context, pkg_dict)

    @override
    def before_dataset_index(self, pkg_dict: dict[str, Any]) -> dict[str, Any]:
        return search.before_dataset_index(pkg_dict)

    @override
    def before_dataset_search(self, search_params: dict[str, Any]) -> dict[str, Any]:
        return search.before_dataset_search(search_params)

    @override
    def after_dataset_search(
        self, search_results: dict[str, Any], search_params: dict[str, Any]
    ) -> dict[str, Any]:
        return search.after_dataset_search(search_results, search_params)
