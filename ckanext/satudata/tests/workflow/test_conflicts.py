from __future__ import annotations

import pytest
from ckan import model

from ckanext.satudata.tests.workflow.disputes import FIRST, Dispute
from ckanext.satudata.tests.worlds import KECAMATAN, Table, act, agency, unique
from ckanext.satudata.workflow.meetings import conflicts, series

pytestmark = pytest.mark.usefixtures("portal")


def found(dispute: Dispute) -> list[conflicts.Conflict]:
    model.Session.rollback()
    return [c for c in conflicts.standing(model.Session) if c.indicator.code == dispute.code]


class TestStanding:
    def test_names_both_agencies_their_values_and_where_they_stand(self) -> None:
        dispute = Dispute()
        (conflict,) = found(dispute)
        assert (conflict.own.organization, conflict.other.organization) == (
            dispute.other.id,
            dispute.holder.id,
        )
        (disputed,) = conflict.objects
        assert (disputed.region, disputed.period) == (KECAMATAN[0], "2025")
        assert (disputed.own, disputed.other) == (555.0, 100.0)
        assert conflict.own.table == "tabel.csv"
        assert disputed.cell == "baris 2, kolom C"
        assert (conflict.own.public, conflict.other.public) == (False, True)
        assert conflict.subject == dispute.subject

    def test_objects_of_one_pair_are_one_conflict_the_largest_difference_first(self) -> None:
        dispute = Dispute(**{KECAMATAN[3]: 9999.0})
        (conflict,) = found(dispute)
        assert [d.region for d in conflict.objects] == [KECAMATAN[3], KECAMATAN[0]]

    def test_what_passed_is_settled(self) -> None:
        dispute = Dispute()
        dispute.correct(FIRST)
        assert dispute.try_to_publish()
        assert found(dispute) == []

    def test_a_dataset_that_is_gone_is_settled(self) -> None:
        dispute = Dispute()
        act("package_delete", dispute.other.user, id=dispute.draft["id"])
        assert found(dispute) == []

    def test_public_figures_that_are_gone_settle_it(self) -> None:
        dispute = Dispute()
        act("package_patch", dispute.holder.user, id=dispute.public["id"], private=True)
        assert found(dispute) == []

    def test_the_public_figure_is_the_one_of_now(self) -> None:
        dispute = Dispute()
        table = Table(dispute.code, {**FIRST, KECAMATAN[0]: 111.0}).resource()
        resource = dispute.public["resources"][0]["id"]
        act("resource_update", dispute.holder.user, id=resource, **table)
        (conflict,) = found(dispute)
        assert [(d.own, d.other) for d in conflict.objects] == [(555.0, 111.0)]

    def test_own_tables_that_differ_are_no_conflict_of_agencies(self) -> None:
        dispute = Dispute()
        second = dispute.holder.draft()
        dispute.holder.add(second["id"], Table(dispute.code, {KECAMATAN[0]: 7.0}))
        act("satudata_check", dispute.holder.user, id=second["id"], keep=True)
        assert [c.own.dataset for c in found(dispute)] == [dispute.draft["id"]]


class TestRenew:
    def test_a_table_corrected_but_not_published_leaves_the_list(self) -> None:
        dispute = Dispute()
        dispute.correct(FIRST)
        assert len(found(dispute)) == 1
        assert dispute.draft["id"] in conflicts.renew(model.Session)
        assert found(dispute) == []

    def test_what_has_not_changed_is_not_checked_again(self) -> None:
        dispute = Dispute()
        assert dispute.draft["id"] not in conflicts.renew(model.Session)


class TestSeries:
    def test_other_periods_of_the_object_and_what_it_was_before(self) -> None:
        dispute = Dispute()
        holder, code, place = dispute.holder, dispute.code, KECAMATAN[0]
        before = Table(code, {**FIRST, place: 90.0}, year="2024")
        holder.published(before, tahun_data=["2024"])
        revised = Table(code, {**FIRST, place: 101.0}).resource()
        resource = dispute.public["resources"][0]["id"]
        act("resource_update", holder.user, id=resource, **revised)
        (conflict,) = found(dispute)
        points = series.of_object(model.Session, conflict.indicator, conflict.objects[0].key)
        assert [(p.period, p.value, p.current) for p in points] == [
            ("2024", 90.0, True),
            ("2025", 100.0, False),
            ("2025", 101.0, True),
        ]
        assert {p.organization for p in points} == {holder.id}

    def test_two_agencies_that_agree_are_two_points(self) -> None:
        dispute = Dispute()
        citing = agency(unique("kutip"))
        citing.published(Table(dispute.code, FIRST))
        (conflict,) = found(dispute)
        points = series.of_object(model.Session, conflict.indicator, conflict.objects[0].key)
        assert [(p.value, p.organization) for p in points if p.current] == [
            (100.0, p.organization) for p in points
        ]
        assert {p.organization for p in points} == {dispute.holder.id, citing.id}
