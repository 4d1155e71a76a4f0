"""Writing, handing in, asking back, accepting."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories

from ckanext.satudata.model.setoran import history
from ckanext.satudata.tests.worlds import KECAMATAN, act, indicator
from ckanext.satudata.workflow.setoran import cells

from .scene import Scene, operator_of, scene

FIRST, SECOND = KECAMATAN[0], KECAMATAN[1]

pytestmark = pytest.mark.usefixtures("portal")


@pytest.fixture
def one() -> Scene:
    return scene((FIRST,))


def _cell(grid: dict[str, Any], region: str = FIRST, classification: str = "") -> dict[str, Any]:
    return next(
        c for c in grid["cells"] if c["region"] == region and c["classification"] == classification
    )


class TestSaving:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("1.234,50", "1234.50"),
            ("0", "0"),
            ("12.345.678", "12345678"),
            (" 7 ", "7"),
            ("5 ton", "5"),
            ("0,1234567890123", "0.1234567890123"),
        ],
    )
    def test_reads_indonesian_numbers_exactly(self, one: Scene, text: str, value: str) -> None:
        assert _cell(one.write(FIRST, text))["value"] == value

    @pytest.mark.parametrize("text", ["1,234.5", "12 kg", "banyak", "1e5", "3*", "1.23"])
    def test_keeps_what_it_cannot_read_and_says_so(self, one: Scene, text: str) -> None:
        cell = _cell(one.write(FIRST, text))
        assert (cell["text"], cell["value"]) == (text, None)
        assert [r["rule"] for r in cell["remarks"] if r["blocks"]] == ["tak-terbaca"]

    def test_a_missing_figure_needs_a_reason_and_is_no_zero(self, one: Scene) -> None:
        cell = _cell(one.write(FIRST, "-"))
        assert cell["value"] is None
        assert [r["rule"] for r in cell["remarks"]] == ["tanpa-alasan"]
        cell = _cell(one.write(FIRST, "-", missing="Petugas sakit"))
        assert (cell["value"], cell["missing"], cell["remarks"]) == (None, "Petugas sakit", [])

    def test_the_first_word_begins_it(self, one: Scene) -> None:
        assert one.setoran(FIRST).state == "terbuka"
        assert one.write(FIRST, "5")["state"] == "diisi"

    def test_does_not_overwrite_what_somebody_else_wrote_meanwhile(self) -> None:
        code = indicator(dimensions=["jenis_kelamin"], unit="orang")
        asked = scene((FIRST,), code=code, classes={"jenis_kelamin": ["L", "P"]})
        seen = act("satudata_setoran_show", operator_of(FIRST), id=asked.setoran(FIRST).id)
        males, females = (c["classification"] for c in seen["cells"])
        asked.write(FIRST, "10", classification=males, version=0)
        answer = act(
            "satudata_setoran_save",
            operator_of(FIRST),
            id=seen["id"],
            cells=[
                {"region": FIRST, "classification": males, "text": "11", "version": 0},
                {"region": FIRST, "classification": females, "text": "12", "version": 0},
            ],
        )
        assert answer["conflicts"] == [{"region": FIRST, "classification": males}]
        assert _cell(answer, classification=males)["value"] == "10"
        assert _cell(answer, classification=females)["value"] == "12"

    def test_keeps_every_value_a_cell_ever_had(self, one: Scene) -> None:
        for text in ("1", "2", "3"):
            one.write(FIRST, text)
        kept = [e for e in cells.history_of(one.setoran(FIRST).id) if e.event == "angka"]
        assert [(e.before["value"], e.after["value"]) for e in kept] == [
            (None, "1"),
            ("1", "2"),
            ("2", "3"),
        ]
        user = model.User.by_name(operator_of(FIRST))
        assert user is not None
        assert {e.actor for e in kept} == {user.id}

    def test_saving_the_same_again_changes_nothing(self, one: Scene) -> None:
        before = one.write(FIRST, "5")["version"]
        assert one.write(FIRST, "5")["version"] == before

    @pytest.mark.parametrize("statement", ["UPDATE {} SET version = 9", "DELETE FROM {}"])
    def test_the_database_refuses_to_change_the_history(self, one: Scene, statement: str) -> None:
        one.write(FIRST, "5")
        with pytest.raises(sa.exc.DBAPIError, match="only takes new rows"):
            model.Session.execute(sa.text(statement.format(history.name)))
        model.Session.rollback()

    def test_refuses_cells_that_are_not_asked(self, one: Scene) -> None:
        with pytest.raises(tk.ValidationError):
            one.write(FIRST, "5", classification="komoditas=beras")
        assert one.setoran(FIRST).version == 0


class TestRules:
    def test_what_cannot_be_blocks(self, one: Scene) -> None:
        cell = _cell(one.write(FIRST, "-5"))
        assert [(r["rule"], r["blocks"]) for r in cell["remarks"]] == [("di-luar-batas", True)]

    def test_a_jump_from_the_periods_before_is_told_and_does_not_block(self) -> None:
        from datetime import date

        asked = scene((FIRST,), first=date(2026, 7, 1))
        for month in ("07", "08", "09"):
            asked.hand_over(FIRST, "100", f"2026-{month}")
        cell = _cell(asked.write(FIRST, "100000"))
        assert [(r["rule"], r["blocks"]) for r in cell["remarks"]] == [("lonjakan", False)]
        assert cell["previous"] == "100"
        assert asked.submit(FIRST)["state"] == "dikirim"

    def test_parts_larger_than_their_whole_block(self) -> None:
        code = indicator(dimensions=["komoditas"])
        asked = scene((FIRST,), code=code, classes={"komoditas": ["beras", "beras-medium"]})
        asked.write(FIRST, "100", classification="komoditas=beras")
        grid = asked.write(FIRST, "150", classification="komoditas=beras-medium")
        assert grid["blocking"] >= 1
        asked.write(FIRST, "50", classification="komoditas=beras-medium")
        assert asked.submit(FIRST)["state"] == "dikirim"


class TestHandingIn:
    def test_everything_must_be_said(self, one: Scene) -> None:
        with pytest.raises(tk.ValidationError) as refusal:
            one.submit(FIRST)
        assert "1" in refusal.value.error_dict["cells"][0]
        assert one.setoran(FIRST).state == "terbuka"

    def test_names_who_answers_for_it(self, one: Scene) -> None:
        one.write(FIRST, "5")
        one.submit(FIRST)
        found = one.setoran(FIRST)
        user = model.User.by_name(operator_of(FIRST))
        assert user is not None
        assert (found.state, found.responsible, found.submitted_by, found.sent) == (
            "dikirim",
            "Camat Uji",
            user.id,
            1,
        )

    def test_is_what_the_person_saw(self, one: Scene) -> None:
        seen = one.write(FIRST, "5")["version"]
        one.write(FIRST, "6")
        with pytest.raises(tk.ValidationError):
            act(
                "satudata_setoran_submit",
                operator_of(FIRST),
                id=one.setoran(FIRST).id,
                version=seen,
                responsible="Camat",
            )
        assert one.setoran(FIRST).state == "diisi"

    def test_nothing_is_written_afterwards(self, one: Scene) -> None:
        one.write(FIRST, "5")
        one.submit(FIRST)
        with pytest.raises(tk.ValidationError):
            one.write(FIRST, "6")
        cell = act("satudata_setoran_show", operator_of(FIRST), id=one.setoran(FIRST).id)
        assert _cell(cell)["value"] == "5"

    def test_nobody_does_it_for_the_kecamatan(self, one: Scene) -> None:
        one.write(FIRST, "5")
        for user in (operator_of(SECOND), one.receiver.user, factories.Sysadmin()["name"]):
            with pytest.raises(tk.NotAuthorized):
                one.submit(FIRST, by=user)
        assert one.setoran(FIRST).state == "diisi"


class TestAskingBack:
    @pytest.fixture
    def asked(self, one: Scene) -> Scene:
        one.write(FIRST, "5")
        one.submit(FIRST)
        act(
            "satudata_setoran_ask",
            one.receiver.user,
            id=one.setoran(FIRST).id,
            region=FIRST,
            text="Benarkah hanya 5 ton?",
        )
        return one

    def _answer(self, one: Scene) -> None:
        act(
            "satudata_setoran_answer",
            operator_of(FIRST),
            id=one.setoran(FIRST).id,
            region=FIRST,
            text="Salah ketik, seharusnya 50.",
        )

    def test_an_unanswered_question_keeps_it_from_being_handed_in(self, asked: Scene) -> None:
        assert asked.setoran(FIRST).state == "ditanyakan"
        with pytest.raises(tk.ValidationError):
            asked.submit(FIRST)
        self._answer(asked)
        asked.write(FIRST, "50")
        asked.submit(FIRST)
        assert (asked.setoran(FIRST).state, asked.setoran(FIRST).sent) == ("dikirim", 2)

    def test_question_and_answer_stay_with_the_cell(self, asked: Scene) -> None:
        self._answer(asked)
        grid = act("satudata_setoran_show", asked.receiver.user, id=asked.setoran(FIRST).id)
        cell = _cell(grid)
        assert (cell["question"], cell["answer"], cell["open_question"]) == (
            "Benarkah hanya 5 ton?",
            "Salah ketik, seharusnya 50.",
            False,
        )
        events = [e.event for e in cells.history_of(asked.setoran(FIRST).id)]
        assert events == ["angka", "keadaan", "pertanyaan", "keadaan", "jawaban"]

    def test_what_was_accepted_can_be_asked_about(self, one: Scene) -> None:
        one.hand_over(FIRST, "5")
        act(
            "satudata_setoran_ask",
            one.receiver.user,
            id=one.setoran(FIRST).id,
            region=FIRST,
            text="Mohon diperiksa lagi.",
        )
        assert one.setoran(FIRST).state == "ditanyakan"

    def test_what_was_not_handed_in_cannot(self, one: Scene) -> None:
        one.write(FIRST, "5")
        with pytest.raises(tk.ValidationError):
            act(
                "satudata_setoran_ask",
                one.receiver.user,
                id=one.setoran(FIRST).id,
                region=FIRST,
                text="Bagaimana?",
            )


class TestAccepting:
    def test_needs_a_setoran_that_was_handed_in(self, one: Scene) -> None:
        one.write(FIRST, "5")
        with pytest.raises(tk.ValidationError):
            one.accept(FIRST)
        one.submit(FIRST)
        assert one.accept(FIRST)["state"] == "diterima"
        with pytest.raises(tk.ValidationError):
            one.accept(FIRST)

    def test_only_the_receiving_agency_does_it(self, one: Scene) -> None:
        one.write(FIRST, "5")
        one.submit(FIRST)
        for user in (operator_of(FIRST), factories.Sysadmin()["name"], factories.User()["name"]):
            with pytest.raises(tk.NotAuthorized):
                act("satudata_setoran_accept", user, id=one.setoran(FIRST).id)


class TestLists:
    def test_everybody_sees_what_concerns_them(self) -> None:
        asked = scene((FIRST, SECOND))

        def seen(user: str) -> set[str]:
            found = act("satudata_setoran_list", user, obligation=asked.obligation)
            return {s["region"]["code"] for s in found["results"]}

        assert seen(operator_of(FIRST)) == {FIRST}
        assert seen(asked.receiver.user) == {FIRST, SECOND}
        assert seen(factories.User()["name"]) == set()

    def test_obligations_too(self) -> None:
        asked = scene((FIRST,))

        def sees(user: str) -> bool:
            found = act("satudata_obligation_list", user)
            return asked.obligation in {o["id"] for o in found}

        assert sees(operator_of(FIRST))
        assert sees(asked.receiver.user)
        assert not sees(operator_of(SECOND))
