"""The demonstration's setoran: what is left to do for each side, told once."""

from __future__ import annotations

from collections import Counter

import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.satudata import workdays
from ckanext.satudata.consistency.period import Frequency
from ckanext.satudata.demo import setoran
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.setoran import Setoran
from ckanext.satudata.workflow.setoran.calendar import period_at


@pytest.mark.usefixtures("sintang_alone")
class TestSetoran:
    def test_one_month_is_recapped_and_of_the_next_one_is_late_and_one_asked(self) -> None:
        now = utc_now()
        assert len(list(setoran.tell(now))) == 3
        second = period_at(Frequency.MONTH, workdays.today(now)).previous
        first = second.previous
        rows = model.Session.execute(sa.select(Setoran.period, Setoran.state))
        found = Counter((period, state) for period, state in rows)
        assert found == {
            (str(first), "diterima"): 14,
            (str(second), "dikirim"): 12,
            (str(second), "ditanyakan"): 1,
            (str(second), "terbuka"): 1,
        }
        assert len(list(setoran.tell(now))) == 1
