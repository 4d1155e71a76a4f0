"""Exemptions applied: what the walidata let pass becomes information instead of an error.

Only the walidata may exempt (:mod:`.roles`), only single columns, and only findings of
:data:`KIND_OF_RULE`: nothing here can let a contradicting figure of an indicator pass.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ckanext.satudata.consistency.findings import Finding
from ckanext.satudata.consistency.rules import RuleSet
from ckanext.satudata.extract.masking import EMAIL, NAME, NIK, PHONE
from ckanext.satudata.extract.observations import Extraction
from ckanext.satudata.model.exemption import Exemption
from ckanext.satudata.types import AnySession

#: Rule whose findings tell what was exempted.
RULE = "dikecualikan"
#: Rules from which a column can be exempted -> kind of exemption.
KIND_OF_RULE = {
    "kolom-diabaikan": "figures",
    "tabel-berisi-angka": "figures",
    "judul-periode-lain": "header",
    "judul-wilayah-lain": "header",
    "data-pribadi": "personal_data",
}
_PLACE = re.compile(r"kolom\s+\d+", re.IGNORECASE)
KINDS = (
    "figures",
    "header",
    *(f"personal_data.{category}" for category in (NIK, PHONE, EMAIL, NAME)),
)


def active(
    session: AnySession,
    resources: Iterable[str | None],
    *,
    dataset: str | None = None,
    lock: bool = False,
) -> dict[str, list[Exemption]]:
    """The exemptions that nobody has revoked, by resource.

    Args:
        session: whose view is used.
        resources: ids; None stands for a file that is not saved.
        dataset: the dataset whose tables such a file would replace, or None; its exemptions
            stand under the empty id.
        lock: whether to keep them from being revoked until the transaction ends.
    """
    ids = list(resources)
    out: dict[str, list[Exemption]] = {}
    for row in Exemption.active(session, resources=[r for r in ids if r], lock=lock):
        out.setdefault(row.resource_id, []).append(row)
    if dataset and None in ids:
        out[""] = Exemption.active(session, dataset=dataset)
    return out


def kind_of(finding: Finding) -> str | None:
    """The kind of exemption by which a finding may pass, or None.

    Personal data is exempted category by category: telephones that may be known do not let the
    numbers of persons pass that are added to their column later.
    """
    kind = KIND_OF_RULE.get(finding.rule)
    return f"{kind}.{finding.params['category']}" if kind == "personal_data" else kind


def column_of(finding: Finding) -> str:
    """The name by which a finding's column is exempted: its header, or its place.

    A header that reads like a place does not name its column, or it could stand for another.
    """
    where = finding.location
    if where is None or where.column is None:
        return ""
    if where.header and not _PLACE.fullmatch(where.header.strip()):
        return where.header
    return f"Kolom {where.column + 1}"


def applied(extraction: Extraction, granted: Sequence[Exemption], rules: RuleSet) -> Extraction:
    """What was read, with findings about exempted columns turned into information.

    Findings that could be exempted get ``exemptible`` (the kind), ``column_name`` and ``structure``
    among their params: whoever exempts a column has to say which structure was looked at. Where an
    exemption was made for another structure, ``lapsed`` is true.

    Args:
        extraction: what was read from one resource.
        granted: the resource's exemptions.
        rules: the rules.
    """
    every = {(e.kind, e.column_name) for e in granted}
    valid = {(e.kind, e.column_name): e for e in granted if e.structure == extraction.structure}
    counts = Counter(extraction.counts)
    problems: list[Finding] = []
    for finding in extraction.problems:
        kind = kind_of(finding)
        if kind is None or not extraction.structure:
            problems.append(finding)
            continue
        exemption = valid.get((kind, column_of(finding)))
        if exemption is None:
            asked = {
                "exemptible": kind,
                "column_name": column_of(finding),
                "structure": extraction.structure,
                "lapsed": (kind, column_of(finding)) in every,
            }
            problems.append(replace(finding, params={**finding.params, **asked}))
            continue
        counts[finding.rule] -= 1
        counts[RULE] += 1
        problems.append(_told(finding, exemption, rules))
    return replace(extraction, problems=tuple(problems), counts=+counts)


def _told(finding: Finding, exemption: Exemption, rules: RuleSet) -> Finding:
    return replace(
        finding,
        rule=RULE,
        rule_version=rules[RULE].version,
        severity=rules[RULE].severity,
        params={
            "variant": exemption.kind.partition(".")[0],
            "exemption": exemption.id,
            "reason": exemption.reason,
            "granted": exemption.granted_at.date().isoformat(),
            "rows": finding.params.get("rows"),
        },
    )


def used(findings: Iterable[Mapping[str, object]]) -> set[str]:
    """Ids of the exemptions that a stored report's findings rest on."""
    out = set()
    for finding in findings:
        params = finding.get("params")
        if finding.get("rule") == RULE and isinstance(params, Mapping):
            out.add(str(params.get("exemption")))
    return out
