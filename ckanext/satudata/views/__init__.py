"""Pages: they call actions and render; they decide nothing."""

from __future__ import annotations

from flask import Blueprint

from . import (
    account,
    agreement,
    attachment,
    check,
    columns,
    conflict,
    download,
    exemption,
    form_token,
    guard,
    indicator,
    indicator_form,
    joint_release,
    link,
    meeting,
    meeting_documents,
    meeting_mode,
    notice,
    onboarding,
    practice,
    privacy,
    process,
    publish,
    report,
    revision,
    setoran,
    setoran_agency,
    trail,
    version,
    work,
)


def get_blueprints() -> list[Blueprint]:
    """All blueprints of the extension."""
    modules = (
        account,
        agreement,
        attachment,
        check,
        columns,
        conflict,
        download,
        exemption,
        form_token,
        guard,
        indicator,
        indicator_form,
        joint_release,
        link,
        meeting,
        meeting_documents,
        meeting_mode,
        notice,
        onboarding,
        practice,
        privacy,
        process,
        publish,
        report,
        revision,
        setoran,
        setoran_agency,
        trail,
        version,
        work,
    )
    return [module.blueprint for module in modules]
