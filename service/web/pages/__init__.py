"""Server-rendered pages for people, in Chinese and in English; they decide nothing, the use cases do."""

from flask import Flask

from service.web import errors
from service.web.pages import desk, notices, preferences, problems, surroundings
from service.web.pages.accounts import (
    account,
    activation,
    administrators,
    certificates,
    log_in,
    others_accounts,
    second_factors,
)
from service.web.pages.members import (
    admissions,
    member_accounts,
    member_records,
    member_titles,
    members,
    membership,
    record_sheets,
    retrievals,
)
from service.web.pages.organisations import (
    organisation_records,
    organisation_titles,
    organisation_tree,
    organisations,
    permissions,
    superior_changes,
)
from service.web.pages.transfers import (
    applications,
    attachments,
    audits,
    candidates,
    incoming,
    letters,
    lists,
    receipts,
    several,
    transfers,
)

_PARTS = (
    log_in,
    preferences,
    account,
    activation,
    second_factors,
    certificates,
    others_accounts,
    desk,
    lists,
    audits,
    transfers,
    candidates,
    applications,
    several,
    incoming,
    attachments,
    receipts,
    retrievals,
    member_records,
    member_accounts,
    membership,
    admissions,
    organisations,
    organisation_tree,
    organisation_records,
    members,
    record_sheets,
    permissions,
    administrators,
    superior_changes,
    letters,
    notices,
)


def register(app: Flask) -> None:
    """Add the pages to an application."""
    for part in _PARTS:
        app.register_blueprint(part.blueprint)
    surroundings.install(app)
    organisation_titles.install(app)
    member_titles.install(app)
    errors.show_with(app, problems.show)
