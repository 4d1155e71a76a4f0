"""Renew the catalogues of translations: new texts in, texts that are gone out, compiled.

What lacks a translation afterwards is listed and makes the exit status 1.

Our own texts are extracted as setup.py says. The catalogue of ``language/`` holds texts of CKAN,
ckanext-scheming and ckanext-validation: all that the portal may show and that CKAN's own
Indonesian catalogue leaves in English, and those of CKAN's translations that we word anew.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
OWN = ROOT / "ckanext/satudata/i18n/id/LC_MESSAGES/ckanext-satudata.po"
LANGUAGE = ROOT / "ckanext/satudata/language/i18n/id/LC_MESSAGES/ckan.po"
TEMPLATE = LANGUAGE.parents[2] / "ckan.pot"
HEADER = "# Messages of CKAN, ckanext-scheming and ckanext-validation."
WIDTH = 80

#: Whose texts a portal with our plugins may show.
OTHERS = (
    "ckan",
    "ckanext.datastore",
    "ckanext.resourceproxy",
    "ckanext.scheming",
    "ckanext.textview",
    "ckanext.validation",
)
_TEMPLATES = "ckan.lib.extract:extract_ckan"
METHODS = [
    ("tests/**", "ignore"),
    ("**/vendor/**", "ignore"),
    ("templates/development/**", "ignore"),
    ("**.py", "python"),
    ("assets/**.js", "javascript"),
    ("public/base/javascript/**.js", "javascript"),
    ("webassets/js/**.js", "javascript"),
    ("templates/**.html", _TEMPLATES),
    ("templates/**.txt", _TEMPLATES),
]
#: Texts that templates translate by a variable: the states of datasets and users.
BY_VARIABLE = {
    "ckan/templates/package/snippets/additional_info.html": ("active", "draft", "deleted")
}


def folder(module: str) -> Path:
    """Where an installed package is; it is not imported.

    Raises:
        ModuleNotFoundError: it is not installed.
    """
    spec = find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(module)
    return Path(next(iter(spec.submodule_search_locations)))


def read(path: Path, locale: str | None = None) -> Catalog:
    """A catalogue from its file."""
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def messages(catalog: Catalog) -> Iterator[Message]:
    """A catalogue's messages without its header."""
    return (message for message in catalog if message.id)


def is_translated(message: Message) -> bool:
    """Whether every form of a message has a text, and not a guessed one."""
    forms = (message.string,) if isinstance(message.string, str) else message.string
    return bool(forms) and all(forms) and not message.fuzzy


def ckan_indonesian() -> Catalog:
    """CKAN's own Indonesian catalogue."""
    return read(folder("ckan") / "i18n/id/LC_MESSAGES/ckan.po", "id")


@cache
def shown_by_others() -> Catalog:
    """All texts of CKAN and its plugins that the portal may show, as they are installed.

    CKAN's own template is not asked: it lags behind the code.
    """
    found = Catalog(header_comment=HEADER)
    for name in OTHERS:
        for path, _, text, _, _ in extract_from_dir(folder(name), METHODS):
            found.add(text, locations=[(f"{name.replace('.', '/')}/{path}", 1)])
    for place, texts in BY_VARIABLE.items():
        for text in texts:
            found.add(text, locations=[(place, 1)])
    return found


def language_template() -> Catalog:
    """The texts that belong into the catalogue of ``language/``."""
    kept = read(LANGUAGE, "id")
    theirs = ckan_indonesian()
    template = Catalog(
        header_comment=HEADER, project=kept.project, creation_date=kept.creation_date, fuzzy=False
    )
    for message in messages(shown_by_others()):
        their = theirs.get(message.id)
        if message.id in kept or their is None or not is_translated(their):
            template.add(message.id, locations=message.locations)
    return template


def write(path: Path, catalog: Catalog) -> None:
    """A catalogue to its file, in a form that changes only where texts do."""
    with path.open("wb") as file:
        write_po(
            file,
            catalog,
            width=WIDTH,
            include_lineno=False,
            sort_by_file=True,
            ignore_obsolete=True,
        )


def renew_language() -> None:
    """Renew the catalogue of ``language/``."""
    template = language_template()
    catalog = read(LANGUAGE, "id")
    catalog.fuzzy = False
    catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
    write(TEMPLATE, template)
    write(LANGUAGE, catalog)
    with LANGUAGE.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalog)


def renew_own() -> None:
    """Renew our own catalogue; the template's date changes only with its texts."""
    template = OWN.parents[2] / f"{OWN.stem}.pot"
    before = template.read_text("utf-8")
    for command in ("extract_messages", "update_catalog", "compile_catalog"):
        subprocess.run(
            [sys.executable, "-W", "ignore", "setup.py", "--quiet", command], cwd=ROOT, check=True
        )
    if _undated(template.read_text("utf-8")) == _undated(before):
        template.write_text(before, "utf-8")


def _undated(template: str) -> list[str]:
    return [line for line in template.splitlines() if "POT-Creation-Date" not in line]


def main() -> int:
    """Renew both; the exit status tells whether all is translated."""
    renew_own()
    renew_language()
    missing = [
        (path, message.id)
        for path in (OWN, LANGUAGE)
        for message in messages(read(path, "id"))
        if not is_translated(message)
    ]
    for path, text in missing:
        print(f"{path.relative_to(ROOT)}: {text!r} has no translation")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
