"""What of a dataset's metadata goes into the search index, and how; what comes out of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from flask import has_request_context

from .extract.declaration import DeclarationError, parse
from .schemas.publication import listed
from .store import search_index
from .store.search_index import State
from .workflow.onboarding import practice

#: Dataset fields with several values; Solr keeps them in ``vocab_<name>``, CKAN's only dynamic
#: field for several exact values.
FACETS = ("kategori", "prioritas_tahun", "tahun_data", "level_estimasi")

#: Facet of the indicator codes that a dataset names or that its columns declare.
INDICATORS = "vocab_indikator"

#: Fields by which a result is compared with the database.
_COMPARED = ("id", "state", "capacity", "metadata_modified")

#: Where the fields that somebody chose are kept while more are asked for.
_CHOSEN = "satudata_chosen_fields"

#: Longest text Solr takes as one term, in UTF-8 bytes.
_LONGEST_TERM = 32766

#: Ids in one filter; Solr takes no more than 1,024 parts of a query.
_IDS = 500

#: Prefix of the field in which CKAN indexes an extra as words.
_WORDS = "extras_"


def before_dataset_index(pkg_dict: dict[str, Any]) -> dict[str, Any]:
    """Give the index lists as lists and long texts as words only.

    CKAN puts each extra into the index twice: as words (``extras_NAME``) and as one exact
    term (``NAME``). A list stored as JSON is no useful term, and a long text is none at all:
    Solr refuses the document.

    Args:
        pkg_dict: the document CKAN is about to index, changed in place.
    """
    search_index.announce(pkg_dict["id"])
    for name in FACETS:
        if name in pkg_dict:
            pkg_dict[f"vocab_{name}"] = listed(pkg_dict[name])
    if pkg_dict.get("urusan"):
        pkg_dict["vocab_urusan"] = listed(pkg_dict["urusan"])
    codes = _indicators(pkg_dict)
    if codes:
        pkg_dict[INDICATORS] = codes
    for key in [k for k in pkg_dict if k.startswith(_WORDS)]:
        term, value = key.removeprefix(_WORDS), pkg_dict[key]
        if not isinstance(value, str):
            continue
        decoded = _decoded(value)
        if decoded is not None:
            pkg_dict[key] = " ".join(_texts(decoded))
        if decoded is not None or len(value.encode()) > _LONGEST_TERM:
            pkg_dict.pop(term, None)
    return pkg_dict


def before_dataset_search(params: dict[str, Any]) -> dict[str, Any]:
    """Mend the index first where somebody left it unlike the database.

    Args:
        params: what is searched, changed in place: where fields are chosen, those that are
            compared are asked for as well. Nobody finds what others practise on.
    """
    if search_index.waiting(model.Session):
        search_index.mend()
    hidden = practice.of_others(_looking())
    for first in range(0, len(hidden), _IDS):
        some = " OR ".join(hidden[first : first + _IDS])
        params["fq_list"] = [*params.get("fq_list", ()), f"-id:({some})"]
    if params.get("fl"):
        params["extras"][_CHOSEN] = params["fl"]
        params["fl"] = list(dict.fromkeys([*params["fl"], *_COMPARED]))
    return params


def after_dataset_search(results: dict[str, Any], params: dict[str, Any]) -> dict[str, Any]:
    """Show of each dataset what the database says, whatever the index holds.

    Args:
        results: the answer of a search, changed in place.
        params: what was searched.
    """
    found = results["results"]
    if not found:
        return results
    chosen = (params.get("extras") or {}).get(_CHOSEN)
    known = search_index.committed(model.Session, [r["id"] for r in found])
    wrong = [r["id"] for r in found if not _agrees(r, known.get(r["id"]))]
    if wrong:
        search_index.mend(wrong)
        right = [r if r["id"] not in wrong else _stored(r["id"], known, chosen) for r in found]
        results["results"] = found = [r for r in right if r is not None]
        results["count"] -= len(right) - len(found)
    if chosen and "*" not in chosen:
        results["results"] = [{k: r[k] for k in chosen if k in r} for r in found]
    return results


def _looking() -> str | None:
    """Id of the person who looks at a page or calls the API, or None."""
    if not has_request_context() or not tk.current_user.is_authenticated:
        return None
    return tk.current_user.id


def _agrees(result: dict[str, Any], stored: State | None) -> bool:
    """Whether a result, as a dataset or as fields of the index, is what the database says."""
    private = result.get("private", result.get("capacity") == "private")
    return (
        stored is not None
        and result.get("state") == stored.state
        and bool(private) == stored.private
        # Solr gives the organization back only inside of the dataset.
        and result.get("owner_org", stored.organization) == stored.organization
        and search_index.hundredths(result.get("metadata_modified"))
        == search_index.hundredths(stored.modified)
    )


def _stored(id_: str, known: Mapping[str, State], chosen: Any) -> dict[str, Any] | None:
    """The dataset as it is; None for one that only some may see, or of which fields are asked."""
    stored = known.get(id_)
    if stored is None or not stored.public or chosen:
        return None
    context: Any = {"ignore_auth": True, "use_cache": False}
    return tk.get_action("package_show")(context, {"id": id_})


def _indicators(pkg_dict: dict[str, Any]) -> list[str]:
    codes = list(listed(pkg_dict.get("kode_indikator")))
    dataset = json.loads(pkg_dict.get("validated_data_dict") or "{}")
    for resource in dataset.get("resources") or ():
        try:
            declaration = parse(resource.get("schema") or "{}")
        except DeclarationError:
            continue
        codes.extend(f.indicator for f in declaration.measures if f.indicator)
    return list(dict.fromkeys(codes))


def _decoded(value: str) -> list[Any] | dict[str, Any] | None:
    """The list or object a stored text is, or None for plain text."""
    if value[:1] not in ("[", "{"):
        return None
    try:
        decoded = json.loads(value)
    except ValueError:
        return None
    return decoded if isinstance(decoded, (list, dict)) else None


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for part in value.values() for text in _texts(part)]
    if isinstance(value, list):
        return [text for part in value for text in _texts(part)]
    return [str(value)] if value not in (None, "") else []
