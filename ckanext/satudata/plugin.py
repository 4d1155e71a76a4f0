"""The extension's entry into CKAN: interfaces only, no decisions."""

from __future__ import annotations

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.common import CKANConfig


class SatudataPlugin(p.IConfigurer, p.SingletonPlugin):
    """Compares every figure with what is public before it becomes public."""

    def update_config(self, config_: CKANConfig) -> None:
        """Register templates and assets."""
        tk.add_template_directory(config_, "templates")
        tk.add_resource("assets", "satudata")
