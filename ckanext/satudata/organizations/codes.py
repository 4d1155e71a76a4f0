"""Codes that bodies carry, and how they must agree with each other. Pure functions."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ckanext.satudata.consistency.vocabulary import Code, CodeList

#: Permendagri 90/2019: three fields of government, sequence number, unit.
_BODY = re.compile(r"^(\d\.\d{2})\.(\d\.\d{2})\.(\d\.\d{2})\.\d{2}\.\d{4}$")
_BLANK = "0.00"

KEMENDAGRI = re.compile(r"^\d{2}(\.\d{2}(\.\d{2}(\.\d{4})?)?)?$")
BPS = re.compile(r"^\d{2}(\d{2}(\d{3}(\d{3})?)?)?$")

#: The scheme of the code list ``wilayah`` that holds BPS codes.
BPS_SCHEME = "bps"

_LEVELS = {2: "provinsi", 5: "kabupaten", 8: "kecamatan"}


@dataclass(frozen=True, slots=True)
class CodeProblem:
    """What is wrong with a body's codes.

    Attributes:
        field: the field to mend.
        reason: key of the message.
        params: values for the message.
    """

    field: str
    reason: str
    params: dict[str, str]


def body_code_fields(code: str) -> tuple[str, ...] | None:
    """The fields of government in a kode perangkat daerah.

    Args:
        code: for example ``2.16.2.20.2.21.01.0000``.

    Returns:
        ``("2.16", "2.20", "2.21")``, blank ones left out; None if it is no such code.

    Source:
        Permendagri 90/2019 on UU 23/2014: three ``d.dd`` fields of government (0.00 if
        blank), two digits sequence, four digits unit.
    """
    match = _BODY.match(code)
    if not match:
        return None
    return tuple(f for f in match.groups() if f != _BLANK)


def region_level(code: str) -> str | None:
    """Level of the region a Kemendagri code speaks of, by its form; None if it is none."""
    if not KEMENDAGRI.match(code):
        return None
    if len(code) > 8:
        return "kelurahan" if code[9] == "1" else "desa"
    return _LEVELS[len(code)]


def bps_of(regions: CodeList, code: str) -> str | None:
    """The BPS code of a region given by its Kemendagri code, through the crosswalk."""
    for bps, canonical in regions.schemes.get(BPS_SCHEME, {}).items():
        if canonical == code:
            return bps
    return None


def check_region(
    regions: CodeList, level: str, kemendagri: str, bps: str | None
) -> CodeProblem | None:
    """Compare the two region codes of a body with the code list and with each other.

    Args:
        regions: the code list ``wilayah``.
        level: what the body is: ``kecamatan``, ``kelurahan`` or ``desa``.
        kemendagri: its Kemendagri code.
        bps: its BPS code, or None if it was left blank.

    Returns:
        The first problem, or None.
    """
    found = region_level(kemendagri)
    if found != level:
        return CodeProblem("kode_kemendagri", "level", {"code": kemendagri, "level": level})
    region = regions.get(kemendagri)
    if region is None:
        return CodeProblem("kode_kemendagri", "unknown", {"code": kemendagri})
    if not bps:
        return None
    expected = bps_of(regions, kemendagri)
    if expected is not None:
        if bps != expected:
            return CodeProblem(
                "kode_bps",
                "crosswalk",
                {"code": bps, "expected": expected, "region": _named(region)},
            )
        return None
    parent = bps_of(regions, region.parent) if region.parent else None
    if parent is not None and not (bps.startswith(parent) and len(bps) > len(parent)):
        return CodeProblem(
            "kode_bps", "outside", {"code": bps, "expected": parent, "region": _named(region)}
        )
    other = regions.get(bps, BPS_SCHEME)
    if other is not None:
        return CodeProblem("kode_bps", "other", {"code": bps, "region": _named(other)})
    return None


def _named(region: Code) -> str:
    return f"{region.label} ({region.code})"
