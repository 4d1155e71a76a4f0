"""Parts of the pages that are made from the sources when the site is built.

A page says where such a part goes, so that no fact has to be written twice:

* ``<!-- generate: options -->``: every option, from all ``config_declaration.yaml``;
* ``<!-- generate: actions -->``: the API, from the docstrings of actions and auth functions;
* ``<!-- generate: rules FILE -->``: the rules of ``ckanext/satudata/rules/FILE.yaml``;
* ``<!-- generate: crashes -->``: the crash matrix, from ``docs/crashes.yaml``;
* ``<!-- generate: routes -->``: the table of routes, from the tests that take them;
* ``<!-- generate: transitions -->``: states and transitions of publications, with their diagram;
* ``<!-- generate: changelog -->``: ``CHANGELOG.md``;
* ``[[Log in]]``: the label of a button or page as the portal shows it in Indonesian. The text in
  brackets is the label in the source, and what the portal shows comes from the translations.

Nothing of CKAN is imported: files are parsed, so the site is built without a portal.
"""

from __future__ import annotations

import gettext
import re
import sys
import textwrap
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import griffe
import yaml
from babel.messages.pofile import read_po
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[1]
# MkDocs loads hooks by path.
sys.path.insert(0, str(ROOT / "docs"))

import process_diagram  # noqa: E402

PACKAGE = ROOT / "ckanext" / "satudata"
#: Sections of the navigation whose pages are in English; all others are in Indonesian.
ENGLISH = frozenset({"Administrators", "Developers"})
#: Modules of actions, each with the one of its auth functions (None: upstream's decide).
ACTIONS = (
    ("ckanext.satudata.logic.action", "ckanext.satudata.logic.auth"),
    ("ckanext.satudata.logic.action.datastore", None),
    ("ckanext.satudata.validation.logic.action", None),
)
SEVERITIES = {
    "error": "menahan penerbitan (*error*)",
    "warning": "peringatan (*warning*)",
    "information": "keterangan (*information*)",
}

ROUTES = PACKAGE / "tests" / "workflow" / "routes"
#: How a route ends -> heading of its table, and the tests that take it unless a row names others.
OUTCOMES = {
    "refused": ("Refused, and nothing changes", "workflow/routes/test_refused.py"),
    "withdrawn": ("Figures leave with what carried them", "workflow/routes/test_others.py"),
    "unchanged": ("Figures and files stay", "workflow/routes/test_others.py"),
    "found": ("What figures are judged by changes", ""),
    "tried": ("Tried elsewhere", ""),
    "unseen": ("What is not public is not shown", "workflow/routes/test_others.py"),
}

LABEL = re.compile(r"\[\[(.+?)\]\]")
_GENERATE = re.compile(r"^<!-- generate: (\w+)(?: (\w+))? -->$", re.MULTILINE)
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_ROLE = re.compile(r":py:func:`(\w+)`")


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """MkDocs' event for a page's source: fill in what is generated."""
    return render(markdown)


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """MkDocs' event for a finished page: say its language, for screen readers and translators."""
    if any(section.title in ENGLISH for section in page.ancestors):
        return output.replace('<html lang="id"', '<html lang="en"', 1)
    return output


def render(markdown: str) -> str:
    """A page's source with everything generated filled in.

    Raises:
        PluginError: the page asks for a part that nothing makes.
    """

    def part(match: re.Match[str]) -> str:
        name, argument = match.groups()
        if name == "options":
            return "\n".join(options_markdown())
        if name == "actions":
            return "\n".join(actions_markdown())
        if name == "crashes":
            return "\n".join(crashes_markdown())
        if name == "routes":
            return "\n".join(routes_markdown())
        if name == "transitions":
            return "\n".join(process_diagram.markdown())
        if name == "changelog":
            return (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
        if name == "rules" and argument:
            return "\n".join(rules_markdown(argument))
        raise PluginError(f"nothing generates '{match.group()}'")

    labelled = LABEL.sub(lambda m: f"**{shown_label(m.group(1))}**", markdown)
    return _GENERATE.sub(part, labelled)


def options() -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    """The groups of options that the plugins declare: heading and options."""
    for path in sorted(PACKAGE.rglob("config_declaration.yaml"), key=lambda p: len(p.parts)):
        for group in yaml.safe_load(path.read_text(encoding="utf-8"))["groups"]:
            yield group["annotation"], group["options"]


def options_markdown() -> Iterator[str]:
    """The lines of the options' reference."""
    for heading, declared in options():
        yield f"## {heading}\n"
        for option in declared:
            yield f"### `{option['key']}` {{ #{option['key']} }}\n"
            yield _plain(option["description"])
            yield f"\nType: {option.get('type', 'text')}"
            for name in ("default", "example"):
                value = option.get(name)
                if value not in (None, ""):
                    shown = str(value).lower() if isinstance(value, bool) else value
                    yield f"<br>{name.capitalize()}: `{shown}`"
            yield ""


def crashes_markdown() -> Iterator[str]:
    """The lines of the crash matrix: what ended at each step leaves, then everything else."""
    matrix = yaml.safe_load((ROOT / "docs" / "crashes.yaml").read_text(encoding="utf-8"))
    operations, points = matrix["operations"], list(matrix["points"])
    done_from = points.index(matrix["done_from"])
    yield "| killed when | " + " | ".join(o["title"] for o in operations.values()) + " |"
    yield "|---" * (1 + len(operations)) + "|"
    for number, point in enumerate(points):
        left = "done" if number >= done_from else "unchanged"
        cells = (left if point in o["points"] else "" for o in operations.values())
        yield f"| {matrix['points'][point]} | " + " | ".join(cells) + " |"
    yield "\n| what happens | and then |"
    yield "|---|---|"
    for other in matrix["others"].values():
        yield f"| {other['title']} | {other['then']} |"


def rules(file: str) -> list[Mapping[str, Any]]:
    """The rules of a file of ``ckanext/satudata/rules/`` (its name without suffix)."""
    return _rule_file(file).get("rules", [])


def _rule_file(file: str) -> Mapping[str, Any]:
    return yaml.safe_load((PACKAGE / "rules" / f"{file}.yaml").read_text(encoding="utf-8"))


def rules_markdown(file: str) -> Iterator[str]:
    """The lines about the rules of a file: Indonesian, with the English text folded away."""
    for rule in rules(file):
        yield f"### `{rule['id']}` {rule['title']['id']} {{ #{rule['id']} }}\n"
        yield f"Bobot: {SEVERITIES[rule['severity']]}; versi {rule['version']}\n"
        yield from _rule_texts(rule, "id", ("Pesan", "Saran"))
        yield from _own_page(rule["id"], file)
        yield f'??? info "{_quoted(rule["title"]["en"])}"'
        english = "\n".join(_rule_texts(rule, "en", ("Message", "Advice")))
        yield textwrap.indent(english, " " * 4) + "\n"
    for formula in _rule_file(file).get("formulas", []):
        yield f"### `{formula['id']}` {formula['title']['id']} {{ #{formula['id']} }}\n"
        yield f"Bobot: {SEVERITIES[formula['severity']]}; versi {formula['version']}\n"
        yield f"`{formula['result']['indicator']} = {formula['equals']}`\n"
        yield from _own_page(formula["id"], file)
        yield f'??? info "{_quoted(formula["title"]["en"])}"'
        described = formula.get("description", formula["title"])["en"]
        yield textwrap.indent(described.strip(), " " * 4) + "\n"


def _own_page(rule: str, file: str) -> Iterator[str]:
    """A link to the rule's page; reasons that go with proposals are no rules and have none."""
    if file != "guessing":
        yield f"[Ambang, semua pesan, dan contoh](rules/{rule}.md)\n"


def _rule_texts(rule: Mapping[str, Any], lang: str, names: tuple[str, str]) -> Iterator[str]:
    if "description" in rule:
        yield f"{placeholders_in_words(rule['description'][lang], lang)}\n"
    for name, key in zip(names, ("message", "advice"), strict=True):
        yield f"*{name}:* {placeholders_in_words(rule[key][lang], lang)}\n"


def actions() -> Iterator[tuple[griffe.Function, str | None]]:
    """The actions of the API, each with who may call it (None: as CKAN or upstream decide)."""
    for package, guards in ACTIONS:
        module = _module(package)
        auth = _module(guards) if guards else None
        for name in map(str, module.exports or ()):
            yield _function(module, name), _who(auth, name) if auth else None


def actions_markdown() -> Iterator[str]:
    """The lines of the API reference: our own actions first, then CKAN's that we change."""
    changed: dict[str, list[str]] = {}
    for function, who in actions():
        sections = sections_of(function)
        if _decorated(function, "chained_action"):
            changed.setdefault(function.name, []).append(_one_line(sections[0].value))
            continue
        yield f"### `{function.name}` {{ #{function.name} }}\n"
        for section in sections:
            yield from _section(section)
        method = "GET or POST" if _decorated(function, "side_effect_free") else "POST"
        yield f"*Method:* {method}" + (f"<br>*Who may:* {_plain(who)}" if who else "") + "\n"
    yield "## Actions of CKAN that are changed\n"
    for name, texts in changed.items():
        yield f"* `{name}`: {' '.join(texts)}"


def routes() -> Mapping[str, list[Mapping[str, Any]]]:
    """The routes that are tried, and the actions that are none (``apart``)."""
    return yaml.safe_load((ROUTES / "routes.yaml").read_text("utf-8"))


def routes_markdown() -> Iterator[str]:
    """The lines of the tables of routes, by how they end, and of the actions that are none."""
    table = routes()
    for outcome, (heading, tests) in OUTCOMES.items():
        yield f"\n## {heading}\n"
        yield "| route | what is tried | held by | test |\n|---|---|---|---|"
        for row in table["routes"]:
            if row["outcome"] == outcome:
                test = f"`{row.get('test') or tests}`"
                yield f"| `{row['id']}` | {row['what']} | {row['held']} | {test} |"
    yield "\n## Actions that are no route\n"
    yield "| actions | why |\n|---|---|"
    for row in table["apart"]:
        yield f"| {', '.join(f'`{a}`' for a in row['actions'])} | {row['reason']} |"


def sections_of(function: griffe.Function) -> list[Any]:
    """The parts of an action's docstring: CKAN's way (``:param``) or Google's (``Args:``)."""
    if function.docstring is None:
        raise PluginError(f"the action {function.name} has no docstring")
    fields = re.search(r"^\s*:(param|returns)", function.docstring.value, re.MULTILINE)
    return function.docstring.parse("sphinx" if fields else "google", warnings=False)


def _section(section: griffe.DocstringSection) -> Iterator[str]:
    value: Any = section.value
    match section.kind:
        case griffe.DocstringSectionKind.parameters:
            yield from _parameters({p.name: _one_line(p.description) for p in value})
        case griffe.DocstringSectionKind.returns:
            yield "*Returns:* " + " ".join(_returned(r) for r in value) + "\n"
        case griffe.DocstringSectionKind.raises:
            yield "*Errors:*\n"
            for error in value:
                yield f"* `{error.annotation}`: {_one_line(error.description)}"
            yield ""
        case griffe.DocstringSectionKind.text:
            yield f"{_plain(value)}\n"
        case _:
            raise PluginError(f"nothing shows a docstring's {section.kind.value}")


def _parameters(meanings: dict[str, str]) -> Iterator[str]:
    if "data_dict" in meanings:
        yield f"*Parameters:* {meanings['data_dict']}\n"
        return
    yield "| parameter | meaning |\n|---|---|"
    for name, meaning in meanings.items():
        yield f"| `{name}` | {meaning} |"
    yield ""


def _returned(value: griffe.DocstringReturn) -> str:
    return _one_line(f"`{value.name}`: {value.description}" if value.name else value.description)


@cache
def _module(name: str) -> griffe.Module:
    loaded = griffe.load(name, search_paths=[ROOT], allow_inspection=False, resolve_aliases=True)
    assert isinstance(loaded, griffe.Module)
    return loaded


def _function(module: griffe.Module, name: str) -> griffe.Function:
    """A function of a module, also one that is imported or is another name of one."""
    found = module[name]
    if isinstance(found, griffe.Alias):
        found = found.final_target
    if isinstance(found, griffe.Attribute):
        assert isinstance(found.parent, griffe.Module)
        return _function(found.parent, str(found.value))
    assert isinstance(found, griffe.Function)
    return found


def _who(auth: griffe.Module, name: str) -> str | None:
    if name not in auth.members:
        return None
    docstring = _function(auth, name).docstring
    return docstring.value if docstring else None


def _decorated(function: griffe.Function, name: str) -> bool:
    return any(str(d.value).endswith(name) for d in function.decorators)


def shown_label(label: str) -> str:
    """What the portal shows in Indonesian for a label of the source.

    Args:
        label: the text as it stands in templates and code.
    """
    translated = own_labels().get(label) or ckan_labels().gettext(label)
    return translated.replace("*", r"\*")


@cache
def own_labels() -> Mapping[str, str]:
    """The extension's Indonesian translations: text of the source -> text shown."""
    catalogues = PACKAGE.rglob("i18n/id/LC_MESSAGES/*.po")
    found: dict[str, str] = {}
    for path in catalogues:
        with path.open("rb") as file:
            for message in read_po(file, locale="id"):
                if isinstance(message.id, str) and not message.fuzzy:
                    found[message.id] = str(message.string or "")
    return found


@cache
def ckan_labels() -> gettext.NullTranslations:
    """CKAN's Indonesian translations."""
    return gettext.translation("ckan", str(ckan_folder() / "i18n"), ["id"])


def ckan_folder() -> Path:
    """Where CKAN is installed; it is not imported."""
    spec = find_spec("ckan")
    if spec is None or not spec.submodule_search_locations:
        raise PluginError("CKAN is not installed, so the labels of its pages are not known")
    return Path(next(iter(spec.submodule_search_locations)))


def _plain(text: str) -> str:
    """Text of a docstring or declaration (reStructuredText) as Markdown."""
    return _ROLE.sub(r"[`\1`](#\1)", text.strip()).replace("``", "`")


def _one_line(text: str) -> str:
    return " ".join(_plain(text).split()).replace("|", r"\|")


def placeholders_in_words(text: str, lang: str) -> str:
    """A message with its placeholders in words, set apart: ‹nilai› for {value}."""

    def word(match: re.Match[str]) -> str:
        name = match.group(1)
        words = indonesian_words() if lang == "id" else {}
        return f"*‹{words.get(name, name.replace('_', ' '))}›*"

    return _PLACEHOLDER.sub(word, text.strip())


@cache
def indonesian_words() -> Mapping[str, str]:
    """Names of placeholders -> what they stand for, in Indonesian."""
    return yaml.safe_load(Path(__file__).with_name("placeholders.yaml").read_text("utf-8"))


def _quoted(text: str) -> str:
    return text.replace('"', "'")
