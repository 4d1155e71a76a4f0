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
_CKAN, _OURS = "ckan.", "ckanext.satudata."


@blueprint.before_app_request
def demand() -> None:
    """Refuse a form without its token: ours from anybody, CKAN's from people signed in by a cookie.

    A call with a token of the API needs none: no other site's page can make a browser send one.

    Raises:
        flask_wtf.csrf.CSRFError: the token is missing, wrong or too old; a page with status 400.
    """
    view = current_app.view_functions.get(tk.request.endpoint or "")
    if not current_app.config["WTF_CSRF_ENABLED"] or view is None:
        return
    known = tk.current_user.is_authenticated
    by_token = known and tk.g.get("login_via_auth_header")
    if by_token or not view.__module__.startswith((_CKAN, _OURS)):
        return
    if known or view.__module__.startswith(_OURS):
        csrf.protect()
