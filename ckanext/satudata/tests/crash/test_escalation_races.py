"""A conflict that is escalated while somebody publishes: no value takes the other's place."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest

from ckanext.satudata import faults
from ckanext.satudata.tests.workflow.disputes import Dispute, begun
from ckanext.satudata.tests.worlds import act, figures, refusal, sysadmin

from .test_agreement_races import in_between

pytestmark = pytest.mark.usefixtures("portal")


def test_a_value_that_was_compared_before_the_meeting_closed_is_held_back() -> None:
    dispute = Dispute()
    held = begun()
    item = dispute.item(held["id"])
    outcome = {"outcome": "eskalasi_bupati", "note": "Tidak sepakat."}
    act("satudata_agenda_item_decide", sysadmin(), id=item.id, version=item.version, **outcome)
    act("package_patch", dispute.holder.user, id=dispute.public["id"], private=True)

    def close() -> dict[str, object]:
        return act("satudata_meeting_close", sysadmin(), id=held["id"])

    with (
        faults.armed(figures_read=in_between(close)),
        pytest.raises(tk.ValidationError) as refused,
    ):
        dispute.other.publish(dispute.draft["id"])
    found = {f["rule"] for f in refusal(refused.value)["findings"] if f["blocks"]}
    assert "menunggu-arahan" in found
    assert figures(dispute.code) == {}
