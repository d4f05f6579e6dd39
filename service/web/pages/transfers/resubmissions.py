"""An application that came back: the route it would take now is shown before it is submitted again (R-074, R-077)."""

import secrets
from collections.abc import Mapping
from typing import Any

from flask import render_template

from service.domain.transfers.actions import Action
from service.use_cases.transfers.preview_resubmission import preview_resubmission
from service.use_cases.transfers.show_transfer import TransferView
from service.web import sessions
from service.web.deployed import deployment, now
from service.web.pages.transfers import drafts, routes

AGAIN = frozenset({Action.SUBMIT, Action.APPROVE_AND_ISSUE})
"""Actions by which an application is submitted again."""


def takes_preview(view: TransferView, action: str) -> bool:
    """Whether this action of this transfer shows its route before it is taken."""
    return view.transfer.at_application and action in AGAIN


def preview(view: TransferView, given: Mapping[str, Any], action: str) -> str:
    """The page of the route; refuses as `preview_resubmission`."""
    previewed = preview_resubmission(view.id, answers=given, actor=sessions.actor(), now=now(), deployment=deployment())
    return render_template(
        "again_preview.html",
        view=view,
        action=action,
        route=previewed.route,
        legs=routes.preview(previewed.route.hops),
        given=given,
        shown=drafts.entered(view.form, given),
        box=drafts.box(view.form, given) if previewed.asks_attestation else None,
        key=secrets.token_urlsafe(),
    )
