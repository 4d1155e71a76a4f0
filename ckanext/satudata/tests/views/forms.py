"""A page's form as a browser would send it."""

from __future__ import annotations

from bs4 import BeautifulSoup, Tag


def fields(html: str, form: str) -> dict[str, str]:
    """Names and values of a form, nothing changed by the person; of equal names the last.

    Args:
        html: the page.
        form: CSS selector of the form.
    """
    found = BeautifulSoup(html, "html.parser").select_one(form)
    assert found is not None, f"no {form} on the page"
    out = {}
    for field in found.select("input[name], select[name], textarea[name]"):
        ticked = field.get("type") not in ("checkbox", "radio") or field.has_attr("checked")
        if ticked and not field.has_attr("disabled"):
            out[str(field["name"])] = _value(field)
    return out


def _value(field: Tag) -> str:
    if field.name == "select":
        chosen = field.select_one("option[selected]") or field.select_one("option")
        return str(chosen["value"]) if chosen else ""
    return field.text if field.name == "textarea" else str(field.get("value", ""))


def texts(html: str, selector: str) -> list[str]:
    """The texts of all elements a CSS selector finds, white space folded."""
    page = BeautifulSoup(html, "html.parser")
    return [" ".join(element.get_text(" ").split()) for element in page.select(selector)]
