"""What of a dataset's metadata goes into the search index, and how."""

from __future__ import annotations

import json
from typing import Any

from .extract.declaration import DeclarationError, parse
from .schemas.publication import listed

#: Dataset fields with several values; Solr keeps them in ``vocab_<name>``, CKAN's only dynamic
#: field for several exact values.
FACETS = ("kategori", "prioritas_tahun", "tahun_data", "level_estimasi")

#: Facet of the indicator codes that a dataset names or that its columns declare.
INDICATORS = "vocab_indikator"

#: Longest text Solr takes as one term, in UTF-8 bytes.
_LONGEST_TERM = 32766

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
