"""The token that forms carry is asked for again, because CKAN forgets to.

CKAN 2.12 switches the check off for a view, for all people and as long as the process runs, once
somebody who is not signed in or who uses an API token has called that view. From then on another
site's page could press our buttons with the browser of whoever is signed in here.
"""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.config.middleware.flask_app import csrf
from flask import Blueprint, current_app

blueprint = Blueprint("satudata_form_token", __name__)

#: Views that are covered. What other extensions exempt on purpose stays exempt.
_COVERED = ("ckan.", "ckanext.satudata.")


@blueprint.before_app_request
def demand() -> None:
    """Refuse a form without its token from people whom a cookie has signed in.

    Raises:
        flask_wtf.csrf.CSRFError: the token is missing, wrong or too old; a page with status 400.
    """
    if not current_app.config["WTF_CSRF_ENABLED"] or tk.g.get("login_via_auth_header"):
        return
    view = current_app.view_functions.get(tk.request.endpoint or "")
    if view and view.__module__.startswith(_COVERED) and tk.current_user.is_authenticated:
        csrf.protect()
