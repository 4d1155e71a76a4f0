"""The list of public datasets that no longer agree with what holds now."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint

from ckanext.satudata.workflow import catalogue

from .common import Page, call, guarded, lang

blueprint = Blueprint("satudata_conflict", __name__, url_prefix="/satudata/pertentangan")


@blueprint.route("", methods=["GET"])
@guarded
def index() -> Page:
    """What has to be mended, and where to begin."""
    found = call("satudata_conflict_list")
    rules = catalogue.rules()
    named = {name for one in found for name in one["rules"]}
    titles = {name: rule.title[lang()] for name in named if (rule := rules.get(name))}
    return tk.render("satudata/conflict_list.html", {"conflicts": found, "titles": titles})
