"""What the plugin does while CKAN starts."""

from __future__ import annotations

import pytest
from ckan import authz, logic
from ckan.tests.helpers import _get_test_app


@pytest.mark.usefixtures("portal")
def test_a_new_web_process_knows_our_functions_before_its_first_request():
    """CKAN fills its tables while requests of other threads read them already."""
    logic.clear_actions_cache()
    logic.clear_validators_cache()
    authz.clear_auth_functions_cache()
    _get_test_app()
    assert "satudata_observation_list" in authz._AuthFunctions._functions
    assert "satudata_observation_list" in logic._actions
    assert logic._validators_cache
