"""Who is reminded when, and how often."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.model.notice import Notice
from ckanext.satudata.tests.worlds import KECAMATAN, walidata_editor
from ckanext.satudata.workflow.setoran import reminders

from .scene import moment, operator_of, scene

FIRST, SECOND = KECAMATAN[0], KECAMATAN[1]
#: Due on Friday, 6 November 2026.
DUE = date(2026, 11, 6)


class TestKinds:
    @pytest.mark.parametrize(
        ("today", "expected"),
        [
            (date(2026, 11, 2), ()),
            (date(2026, 11, 3), (reminders.BEFORE,)),
            (date(2026, 11, 5), (reminders.BEFORE,)),
            (DUE, (reminders.TODAY,)),
            (date(2026, 11, 7), (reminders.AFTER,)),
            (date(2026, 11, 10), (reminders.AFTER,)),
            (date(2026, 11, 11), (reminders.AFTER, reminders.ESCALATED)),
        ],
    )
    def test_follow_the_working_days(self, today: date, expected: tuple[str, ...]) -> None:
        assert reminders.kinds_at(DUE, today) == expected


@pytest.mark.usefixtures("portal")
class TestReminding:
    def test_each_is_sent_once(self) -> None:
        made = scene((FIRST,))
        for day in (2, 3, 4, 5, 5, 6, 6, 7, 9, 11, 12):
            reminders.remind(moment(2026, 11, day))
        assert [kind for _, kind in made.reminders()] == [
            reminders.BEFORE,
            reminders.TODAY,
            reminders.AFTER,
            reminders.ESCALATED,
        ]

    def test_nobody_is_reminded_of_what_was_handed_in(self) -> None:
        made = scene((FIRST, SECOND))
        made.write(FIRST, "1")
        made.submit(FIRST)
        reminders.remind(moment(2026, 11, 9))
        assert made.reminders() == [(SECOND, reminders.AFTER)]

    def test_the_kecamatan_is_told_and_later_the_walidata_and_the_agency(self) -> None:
        walidata = walidata_editor()
        made = scene((FIRST,))
        setoran = made.setoran(FIRST).id
        reminders.remind(moment(2026, 11, 12))

        def told(kind: str) -> set[str]:
            rows = model.Session.scalars(
                sa.select(model.User.name)
                .join(Notice, Notice.user_id == model.User.id)
                .where(Notice.kind == kind, Notice.subject_id == setoran)
            )
            return set(rows)

        assert operator_of(FIRST) in told(reminders.AFTER)
        assert made.receiver.user not in told(reminders.AFTER)
        assert {walidata, made.receiver.user} <= told(reminders.ESCALATED)
        assert operator_of(FIRST) not in told(reminders.ESCALATED)
