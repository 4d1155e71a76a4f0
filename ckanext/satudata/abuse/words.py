"""What people write, as HTML that does nothing: Markdown without pictures, scripts or styles."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import nh3
from markupsafe import Markup

#: No headings, which would disturb the page's own; no pictures, which would tell another site who
#: reads a case and when.
_TAGS = frozenset(
    {"p", "br", "hr", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li", "a"}
)
_SCHEMES = frozenset({"http", "https", "mailto"})


def rendered(text: str | None) -> Markup:
    """A text of anybody's, for a page.

    Args:
        text: Markdown; HTML in it is taken out.
    """
    made = nh3.clean(
        str(tk.h.render_markdown(text or "", auto_link=False)),
        tags=set(_TAGS),
        attributes={"*": set(), "a": {"href"}},
        url_schemes=set(_SCHEMES),
        link_rel="nofollow ugc noopener noreferrer",
    )
    # nh3 made it of the tags above alone.
    return Markup(made)  # noqa: S704
