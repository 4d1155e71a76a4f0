"""The calendar of releases, as a page and for people's own calendars."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response
from icalendar import Calendar, Event

from ckanext.satudata import moments
from ckanext.satudata.model.content import utc_now

from .common import Page, call, guarded, lang
from .indicator_form import producers

blueprint = Blueprint("satudata_release_calendar", __name__, url_prefix="/satudata/kalender")


@blueprint.route("", methods=["GET"])
@guarded
def index() -> Page:
    """What is released when, by month."""
    asked = tk.request.args.get("instansi", "").strip()
    found = call("satudata_release_calendar_list", organization=asked)
    months = [
        (moments.month(date.fromisoformat(f"{month}-01"), lang()), list(days))
        for month, days in groupby(found, key=lambda one: one["day"][:7])
    ]
    return tk.render(
        "satudata/calendar.html", {"months": months, "asked": asked, "agencies": producers()}
    )


@blueprint.route("/umpan.ics", methods=["GET"])
@guarded
def feed() -> Page:
    """The same for people's own calendars (RFC 5545)."""
    asked = tk.request.args.get("instansi", "").strip()
    words = {"rilis": tk._("Release"), "pemutakhiran": tk._("Renewal of figures")}
    made = Calendar()
    made.add("prodid", "-//Satu Data//kalender rilis//ID")
    made.add("version", "2.0")
    made.add("x-wr-calname", tk._("Release calendar"))
    for one in call("satudata_release_calendar_list", organization=asked):
        event = Event()
        day = date.fromisoformat(one["day"])
        event.add("uid", f"{one['kind']}-{one['dataset']}@{tk.config['ckan.site_id']}")
        event.add("dtstamp", utc_now())
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        event.add("summary", f"{words[one['kind']]}: {one['title']}")
        event.add("description", one["organization_title"])
        event.add("url", tk.url_for("dataset.read", id=one["name"], _external=True))
        made.add_component(event)
    answer = Response(made.to_ical(), content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'inline; filename="kalender-rilis.ics"'
    return answer
