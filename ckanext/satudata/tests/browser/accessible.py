"""What axe-core says of a page."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

#: Rules that are not asked, each with its reason.
EXCUSED: dict[str, str] = {}


def faults(page: Page) -> list[str]:
    """What axe-core finds wrong with the whole page: rule, place and reason of each."""
    options = {"rules": {rule: {"enabled": False} for rule in EXCUSED}}
    found = Axe().run(page, options=options)
    return [
        f"{page.url} {violation['id']}: {node['target']} {node['html'][:160]} "
        f"{node.get('failureSummary', '')}"
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]
