"""What a person reads who has chosen Indonesian: pages, refusals, scripts."""

from __future__ import annotations

import json
import re
from pathlib import Path

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import pytest
from babel.support import Translations
from bs4 import BeautifulSoup, Comment
from ckan import model
from ckan.lib import i18n, mailer
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.satudata.tests.worlds import KECAMATAN, Agency, Table, act, agency, indicator, unique

from .catalogues import CATALOGUES, text, tool, words

pytestmark = pytest.mark.usefixtures("portal")

FIGURES = {code: float(100 + n) for n, code in enumerate(KECAMATAN)}
READ_ALOUD = ("placeholder", "title", "aria-label", "alt", "data-module-content")
#: A placeholder that CKAN's template does not mark for translation.
NOT_MARKED = {"Username"}
#: What is no text of the page: a resource's fields, which CKAN lists as they are stored, and data
#: to choose from ("Unit" is a unit in Indonesian).
NO_TEXTS = ".toggle-more, datalist"


def squeezed(value: str) -> str:
    return re.sub(r"\s+", " ", value).strip()


def english_on(page: str) -> set[str]:
    """Texts of the source that stand on a page although they have another translation."""
    soup = BeautifulSoup(page, "html.parser")
    for hidden in soup(["script", "style", "code", "pre"]):
        hidden.decompose()
    for data in soup.select(NO_TEXTS):
        data.decompose()
    shown = {squeezed(s) for s in soup.strings if not isinstance(s, Comment)}
    shown |= {squeezed(str(t[a])) for t in soup.find_all(True) for a in READ_ALOUD if t.has_attr(a)}
    english = {
        squeezed(source): squeezed(translation)
        for path in CATALOGUES
        for source, translation in words(path).items()
    }
    # "Data" of English and "Data" of Indonesian may both be right.
    indonesian = set(english.values())
    return {s for s in shown if s in english and s not in indonesian} - NOT_MARKED


@pytest.fixture(scope="module")
def producer(module_portal) -> Agency:
    return agency("uji-bahasa")


@pytest.fixture(scope="module")
def operator(producer) -> dict[str, str]:
    """Headers of the producer's operator."""
    token = call_action("api_token_create", user=producer.user, name=unique("uji"))
    return {"Authorization": token["token"]}


@pytest.fixture(scope="module")
def code(producer) -> str:
    return indicator(producer_org=producer.id)


@pytest.fixture(scope="module")
def public(producer, code) -> dict:
    """A public dataset."""
    return producer.published(Table(code, FIGURES), title="Kebutuhan beras")


@pytest.fixture(scope="module")
def contradicting(public, producer, code) -> dict:
    """A draft with one other figure."""
    draft = producer.draft(title="Keperluan beras")
    producer.add(draft["id"], Table(code, {**FIGURES, KECAMATAN[0]: 999.0}))
    return act("package_show", producer.user, id=draft["id"])


@pytest.fixture(scope="module")
def report(contradicting, producer) -> str:
    """Id of the report of a refusal."""
    with pytest.raises(tk.ValidationError) as refused:
        producer.publish(contradicting["id"])
    return refused.value.error_dict["satudata_report"][0]


class TestPages:
    @pytest.mark.parametrize(
        "address",
        [
            "/",
            "/dataset/",
            "/dataset/?q=tidakadayangbegini",
            "/organization/",
            "/organization/{organization}",
            "/organization/about/{organization}",
            "/dataset/{public}",
            "/dataset/{public}/resource/{resource}",
            "/satudata/indikator/",
            "/satudata/indikator/{code}",
            "/user/login",
            "/user/reset",
            "/about",
        ],
    )
    def test_visitors_read_no_english(self, app, address, public, code, producer):
        path = address.format(
            public=public["name"],
            organization=producer.name,
            code=code,
            resource=public["resources"][0]["id"],
        )
        assert english_on(app.get(f"/id{path}", status=200).body) == set()

    @pytest.mark.parametrize(
        "address",
        [
            "/satudata/periksa",
            "/dataset/new",
            "/kegiatan/new",
            "/dataset/{draft}",
            "/dataset/edit/{draft}",
            "/dataset/{draft}/periksa",
            "/dataset/{draft}/resource/{resource}/kolom",
            "/dataset/{draft}/resource/{resource}/edit",
            "/dataset/{draft}/resource/new",
            "/satudata/laporan/{report}",
            "/user/{user}",
            "/dashboard/datasets",
        ],
    )
    def test_operators_read_no_english(
        self, app, address, contradicting, report, producer, operator
    ):
        path = address.format(
            draft=contradicting["name"],
            report=report,
            resource=contradicting["resources"][0]["id"],
            user=producer.user,
        )
        assert english_on(app.get(f"/id{path}", headers=operator, status=200).body) == set()

    @pytest.mark.parametrize(
        "address",
        [
            "/organization/new",
            "/organization/new?jenis=dinas",
            "/organization/edit/{organization}",
            "/organization/members/{organization}",
            "/organization/bulk_process/{organization}",
            "/ckan-admin/",
            "/ckan-admin/config",
            "/ckan-admin/trash",
        ],
    )
    def test_administrators_read_no_english(self, app, address, producer):
        headers = {"Authorization": factories.SysadminWithToken()["token"]}
        path = address.format(organization=producer.name)
        assert english_on(app.get(f"/id{path}", headers=headers, status=200).body) == set()

    def test_english_pages_are_in_english(self, app, code):
        page = app.get(f"/satudata/indikator/{code}", status=200).body
        assert {"Indicators", "Public figures", "Parts sum to the whole"} <= english_on(page)


class TestRefusals:
    def test_the_gate_refuses_in_indonesian(self, app, contradicting, operator):
        answer = app.post(
            "/id/api/3/action/package_patch",
            headers=operator,
            json={"id": contradicting["id"], "state": "active"},
            status=409,
        )
        (message,) = answer.json["error"]["satudata"]
        assert message.startswith("Belum terbit: ")
        assert "1 temuan menahan dataset ini" in message

    def test_a_field_is_refused_in_indonesian(self, app, operator, contradicting):
        answer = app.post(
            "/id/api/3/action/package_patch",
            headers=operator,
            json={"id": contradicting["id"], "maintainer_email": "bukan email"},
            status=409,
        )
        assert answer.json["error"]["maintainer_email"] == [
            words(tool.OWN)[
                "'{value}' is not an email address. Write it as name@example.go.id."
            ].format(value="bukan email")
        ]

    def test_what_is_missing_is_told_in_indonesian(self, app, operator, producer):
        draft = producer.draft(sumber="")
        answer = app.post(
            "/id/api/3/action/package_patch",
            headers=operator,
            json={"id": draft["id"], "state": "active"},
            status=409,
        )
        (message,) = answer.json["error"]["sumber"]
        assert message.startswith("Isilah sebelum diterbitkan. ")


class TestMails:
    def test_the_way_to_a_new_password_stands_on_a_line_of_its_own(self, app):
        user = model.User.get(factories.User()["id"])
        with app.flask_app.test_request_context(environ_overrides={"CKAN_LANG": "id"}):
            mailer.create_reset_key(user)
            body = mailer.get_reset_link_body(user)
            link = mailer.get_reset_link(user)
        assert body.startswith(f"Yth. {user.name},")
        assert link in body.splitlines()


class TestPlurals:
    @pytest.mark.parametrize("count", [0, 1, 2])
    def test_every_number_takes_the_same_form(self, app, count):
        with app.flask_app.test_request_context(environ_overrides={"CKAN_LANG": "id"}):
            found = tk.ungettext(
                "%(num)d more error is not shown.", "%(num)d more errors are not shown.", count
            )
        assert found == f"{count} kesalahan lain tidak ditampilkan."

    def test_ckans_own_plurals_are_translated_too(self, app):
        with app.flask_app.test_request_context(environ_overrides={"CKAN_LANG": "id"}):
            found = tk.ungettext("{number} dataset found", "{number} datasets found", 5)
        assert found == "{number} dataset ditemukan"


class TestPlugins:
    """Each plugin brings the texts it shows, also where the others are not loaded."""

    @pytest.mark.parametrize("name", ["satudata", "satudata_validation"])
    def test_texts_of_the_plugin_come_with_it(self, name):
        plugin = p.get_plugin(name)
        brought = Translations.load(plugin.i18n_directory(), ["id"], plugin.i18n_domain())
        part = "/validation/" if name == "satudata_validation" else "/satudata/"
        texts = [
            text(message)
            for message in tool.messages(tool.read(tool.OWN, "id"))
            if any(part in place for place, _ in message.locations)
        ]
        assert len(texts) > 20
        own = words(tool.OWN)
        assert {t: brought.ugettext(t) for t in texts if t in brought._catalog} == {
            t: own[t] for t in texts if t in brought._catalog
        }
        assert plugin.i18n_locales() == ["id"]

    def test_scripts_get_ckans_texts_in_indonesian(self, monkeypatch, tmp_path):
        monkeypatch.setattr(i18n, "get_js_translations_dir", lambda: str(tmp_path))

        i18n.build_js_translations()

        scripts = json.loads((Path(tmp_path) / "id.js").read_text("utf-8"))
        assert scripts["Saving..."] == [None, "Menyimpan..."]
        assert scripts["Data Schema URL"] == [None, "URL skema data"]
