"""The plugin ``satudata_language``: what CKAN says, in Indonesian."""

from __future__ import annotations

import os

import ckan.plugins as p
from ckan.lib.plugins import DefaultTranslation
from typing_extensions import override


class SatudataLanguagePlugin(DefaultTranslation, p.ITranslation, p.SingletonPlugin):
    """Adds to CKAN's Indonesian catalogue, and words some of it anew.

    Translations of a plugin come before CKAN's. Those of other plugins are not touched, except
    of ckanext-scheming and ckanext-validation, which have no Indonesian ones.
    """

    @override
    def i18n_directory(self) -> str:
        return os.path.join(os.path.dirname(__file__), "i18n")

    @override
    def i18n_domain(self) -> str:
        """CKAN's domain: scripts in the browser know no other."""
        return "ckan"
