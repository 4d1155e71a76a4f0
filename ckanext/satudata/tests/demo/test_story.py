"""The demonstration, told twice: every scene ends as it must, and says why."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from ckan import model

from ckanext.satudata.cli.demo import cast
from ckanext.satudata.demo import meeting, story
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.tests.worlds import act, figures, sysadmin

DATASETS = (
    "contoh-kebutuhan-beras-2025",
    "contoh-kebutuhan-beras-perdagangan-2025",
    "contoh-stok-gudang-bulog-2025",
    "jumlah-penduduk-bps-2024",
    "jumlah-penduduk-disdukcapil-2024",
    "contoh-kebutuhan-beras-penyaluran-2025",
)


@pytest.fixture
def untold(sintang_alone):
    """Nothing of the story has happened yet."""
    for name in DATASETS:
        if model.Package.get(name) is not None:
            act("dataset_purge", sysadmin(), id=name)


def blocking(scene: story.Scene) -> dict[str, dict]:
    return {f["rule"]: f for f in scene.findings if f["blocks"]}


@pytest.mark.usefixtures("untold")
class TestStory:
    def test_every_scene_ends_as_it_must_also_when_told_again(self):
        first = list(story.tell(cast()))
        assert [s.outcome for s in first] == [s.expected for s in first]
        again = list(story.tell(cast()))
        assert [s.outcome for s in again] == [s.expected for s in again]

    def test_the_report_names_both_cells_and_what_is_wrong_with_each(self):
        _, held, *_ = story.tell(cast())
        found = blocking(held)
        # Told again, the figures were public before with other values.
        assert set(found) - {"angka-tetap-berubah"} == {"nilai-berbeda", "satuan-skala"}
        different, scale = found["nilai-berbeda"], found["satuan-skala"]
        assert (different["location"]["row"], different["location"]["column"]) == (4, 2)
        assert (different["value"], different["other"]["value"]) == (5420.8, 5240.8)
        assert different["other"]["dataset_name"] == DATASETS[0]
        assert (scale["location"]["row"], scale["location"]["column"]) == (9, 2)
        assert scale["value"] == pytest.approx(1000 * scale["other"]["value"])
        assert "kg" in scale["texts"]["message"]

    def test_what_is_held_back_is_seen_by_nobody_else(self):
        scenes = story.tell(cast())
        next(scenes)
        held = next(scenes)
        assert held.outcome == story.HELD_BACK
        with pytest.raises(tk.NotAuthorized):
            act("package_show", None, id=held.dataset)
        assert act("package_search", None, fq=f"name:{held.dataset}")["count"] == 0
        assert figures(story.NEED)[("61.05.03", "2025")] == {5240.8}

    def test_a_wrong_total_is_refused(self):
        *_, total, _, _, _ = story.tell(cast())
        (finding,) = blocking(total).values()
        assert finding["rule"] == "rekap"
        assert finding["difference"] == pytest.approx(-540.0)

    def test_two_definitions_stay_side_by_side_with_a_note_on_both(self):
        list(story.tell(cast()))
        notes = [act("satudata_note_list", None, id=name) for name in DATASETS[3:5]]
        others = [[n["other"]["indicator"] for n in of_one] for of_one in notes]
        assert others == [["SD00282.02"], ["SD00282.01"]]
        assert figures("SD00282.01")[("61.05", "2024")] == {443684}
        assert figures("SD00282.02")[("61.05", "2024")] == {457204}

    def test_what_is_left_open_is_on_the_agenda_of_the_next_meeting(self):
        list(story.tell(cast()))
        lines = meeting.prepare(utc_now())
        assert meeting.prepare(utc_now()) == lines
        assert sum("Kebutuhan" in line for line in lines) == 1
        prepared = act("satudata_meeting_list", None, state="disiapkan")[0]
        (item,) = [
            i
            for i in act("satudata_meeting_show", sysadmin(), id=prepared["id"])["items"]
            if i["kind"] == "konflik"
        ]
        shown = {o["region"]: (o["own"], o["other"]) for o in item["snapshot"]["objects"]}
        assert shown == {"61.05.01": ("7980.2", "7412.6"), "61.05.20": ("3651.2", "3561.2")}
        assert item["snapshot"]["other"]["dataset_name"] == DATASETS[0]
