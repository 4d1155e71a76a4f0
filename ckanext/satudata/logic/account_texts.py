"""What is wrong with a list of people, in words: what was found, and what to do."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from ckanext.satudata.workflow.onboarding.account_file import UnreadableList
from ckanext.satudata.workflow.onboarding.accounts import Problem


def sentence(problem: Problem) -> str:
    """What is wrong with a cell and what to do about it."""
    texts = {
        "kosong": tk._("The cell is empty. Fill it in."),
        "panjang": tk._("The name is too long. Write at most 200 characters."),
        "email": tk._('"{value}" is no e-mail address. Write one such as nama@sintang.go.id.'),
        "instansi": tk._(
            'There is no agency "{value}". Write its name or code as in the list of agencies.'
        ),
        "ganda": tk._('Several agencies are called "{value}". Write the agency\'s code.'),
        "peran": tk._('"{value}" is no role. Write admin, editor or member.'),
        "hak": tk._(
            '"{value}" decides about others\' data. Only its own admins and sysadmins invite there.'
        ),
        "beda": tk._("Row {other} gives the same person another role there. Keep one of the two."),
        "dihapus": tk._(
            "The account with this address was deleted. Ask a sysadmin, or use another address."
        ),
        "dua": tk._("Several accounts have this address. Ask a sysadmin which one is right."),
    }
    return texts[problem.reason].format(value=problem.value, other=problem.other)


def unreadable(error: UnreadableList) -> str:
    """Why a file cannot be taken as a list of people."""
    texts = {
        "berkas": tk._("The file cannot be read. Save it as CSV or XLSX and choose it again."),
        "kolom": tk._(
            "These columns are missing: {columns}. The first row is nama, email, instansi, peran."
        ),
        "kosong": tk._("There is nobody in the file. Write one person in each row."),
        "banyak": tk._("The file has more than {most} people. Split it."),
    }
    return texts[error.reason].format(**error.params)
