"""Operators who begin: some have been shown around, one has practised, most have not begun."""

from __future__ import annotations

from collections.abc import Iterator

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata.workflow.onboarding import exercises

from .people import act
from .story import Cast

#: A kecamatan whose operator has pasted figures.
_KECAMATAN = "kecamatan-sintang-operator"


def tell(cast: Cast) -> Iterator[str]:
    """Let people take their first steps; what was done before is not done again.

    Args:
        cast: organizations and their operators.
    """
    for organization, user in (cast.food, cast.trade, cast.walidata):
        act(user, "satudata_tour_finish")
        yield f"{organization}: tur selesai"
    organization, user = cast.trade
    try:
        began = act(
            user,
            "satudata_practice_begin",
            exercise="latihan-konflik",
            organization_id=organization,
        )
        act(user, "package_patch", id=began["id"], state="active")
    except tk.ValidationError as over:
        # A rehearsal always ends so; or nobody has published anything to contradict.
        said = over.error_dict.get("satudata") or over.error_dict.get("exercise")
        yield f"{organization}: {said[0] if isinstance(said, list) else said}"
    if model.User.by_name(_KECAMATAN) is not None:
        cells = [
            {
                "region": line.region.code,
                "text": line.wanted or "-",
                "missing": "" if line.wanted else "Tidak dihitung tahun ini.",
            }
            for line in exercises.sheet()
        ]
        act(_KECAMATAN, "satudata_practice_paste", cells=cells)
        yield f"{_KECAMATAN}: latihan setoran selesai"
