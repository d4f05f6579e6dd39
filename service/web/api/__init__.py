"""The JSON interface, described in OpenAPI at /api/v1/openapi.json."""

from functools import partial

from flask import Flask

from service.web.api import imports, messages, notices
from service.web.api.accounts import (
    account,
    activation,
    administrators,
    certificates,
    others_accounts,
    second_factors,
    session,
)
from service.web.api.document import Interface
from service.web.api.members import member_admissions, member_details, member_lists, member_records, record_sheets
from service.web.api.organisations import (
    organisation_lists,
    organisation_records,
    organisations,
    permissions,
    superior_changes,
)
from service.web.api.transfers import (
    attachments,
    candidates,
    decisions,
    forms,
    letters,
    lists,
    newcomers,
    receipts,
    routes,
    starts,
    transfers,
)
from service.web.guards import public

PREFIX = "/api/v1"
_PARTS = (
    session,
    account,
    activation,
    others_accounts,
    second_factors,
    certificates,
    lists,
    transfers,
    candidates,
    starts,
    newcomers,
    decisions,
    attachments,
    receipts,
    member_records,
    member_details,
    member_lists,
    member_admissions,
    record_sheets,
    forms,
    organisations,
    organisation_records,
    organisation_lists,
    permissions,
    superior_changes,
    administrators,
    routes,
    letters,
    imports,
    notices,
    messages,
)


def register(app: Flask) -> None:
    """Add the interface to an application."""
    interface = Interface(app, prefix=PREFIX)
    for part in _PARTS:
        interface.register_blueprint(part.blueprint, url_prefix=PREFIX)
    for endpoint in interface.own_endpoints():
        app.view_functions[endpoint] = public(partial(app.view_functions[endpoint]))
