"""What is left over in the tables of figures: parts that belong to nothing, or miss their like."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from ckan import model

_LOST_BLOCKS = """
SELECT b.publication_id, count(*) FROM satudata_block b
WHERE NOT EXISTS (SELECT FROM satudata_publication p WHERE p.id = b.publication_id)
GROUP BY b.publication_id ORDER BY b.publication_id
"""
_INCOMPLETE = """
SELECT p.id, p.dataset_id, p.size, coalesce(sum(b.size), 0)::bigint
FROM satudata_publication p LEFT JOIN satudata_block b ON b.publication_id = p.id
GROUP BY p.id
HAVING coalesce(sum(b.size), 0) <> p.size
    OR count(b.part) <> coalesce(max(b.part), -1) + 1
    OR min(b.key_min) <> p.key_min OR max(b.key_max) <> p.key_max
    OR bool_or(b.indicator_id <> p.indicator_id)
ORDER BY p.id
"""
_UNRELEASED = """
SELECT p.id, p.dataset_id FROM satudata_publication p
WHERE NOT EXISTS (SELECT FROM satudata_release r WHERE r.dataset_id = p.dataset_id)
ORDER BY p.id
"""
_HOMELESS = """
SELECT p.id, p.dataset_id, p.resource_id FROM satudata_publication p
WHERE NOT EXISTS (
    SELECT FROM resource r
    WHERE r.id = p.resource_id AND r.package_id = p.dataset_id AND r.state = 'active'
)
ORDER BY p.id
"""
_REMOVE_BLOCKS = """
DELETE FROM satudata_block b
WHERE NOT EXISTS (SELECT FROM satudata_publication p WHERE p.id = b.publication_id)
"""
_REMOVE_RELEASES = """
DELETE FROM satudata_release r WHERE NOT EXISTS (SELECT FROM package p WHERE p.id = r.dataset_id)
"""


def found() -> Iterator[tuple[str, dict[str, Any]]]:
    """What is there that must not be: a sentence, and its numbers and names."""
    session = model.Session
    for publication, count in session.execute(sa.text(_LOST_BLOCKS)):
        yield (
            f"{count} block(s) of publication {publication}, which does not exist",
            {"publication": publication},
        )
    for publication, dataset, size, held in session.execute(sa.text(_INCOMPLETE)):
        text = f"publication {publication} must hold {size} figures, its blocks hold {held}"
        yield text, {"publication": publication, "dataset": dataset, "size": size, "held": held}
    for publication, dataset in session.execute(sa.text(_UNRELEASED)):
        yield (
            f"publication {publication} of dataset {dataset}, which was not released",
            {"publication": publication, "dataset": dataset},
        )
    for publication, dataset, resource in session.execute(sa.text(_HOMELESS)):
        yield (
            f"publication {publication} of dataset {dataset}, which has no resource {resource}",
            {"publication": publication, "dataset": dataset, "resource": resource},
        )


def remove() -> int:
    """Take out, in the session's transaction, what belongs to nothing; returns how many rows."""
    results = [
        model.Session.execute(sa.text(statement))
        for statement in (_REMOVE_BLOCKS, _REMOVE_RELEASES)
    ]
    return sum(r.rowcount for r in results)  # pyright: ignore[reportAttributeAccessIssue]
