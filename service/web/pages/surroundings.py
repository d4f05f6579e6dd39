"""What every page shows around its content: who acts, which roles he has, where he can go, how it looks."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, request, url_for

from service.domain.accounts import restrictions
from service.domain.clock import ZONE
from service.domain.errors import Refused
from service.domain.transfers import sight
from service.domain.transfers.actions import NEGATIVE, Action
from service.use_cases.accounts.who_acts import roles_of
from service.use_cases.notices.list_notices import count_unread
from service.use_cases.transfers.list_inbox import counts
from service.use_cases.transfers.offered_starts import offered_starts
from service.web import sessions
from service.web.deployed import deployment
from service.web.pages import answers, desk, language, preferences, titles
from service.web.pages.accounts import others_accounts
from service.web.pages.members import member_records, retrievals
from service.web.pages.transfers import attachments

_HASH_LENGTH = 12
BACKWARDS = frozenset(
    action.value for action in (*NEGATIVE, Action.WITHDRAW_APPLICATION, Action.WITHDRAW_APPROVAL, Action.RECALL_LETTER)
)
"""Actions that bring a transfer back; history shows them in amber."""


def install(app: Flask) -> None:
    """Let the templates speak both languages and know who acts."""
    app.jinja_env.globals.update(
        t=language.t,
        said=language.said,
        sentence=language.sentence,
        language=language.language,
        is_large=preferences.is_large,
        asset=asset,
        backwards=BACKWARDS,
        fields_of=answers.fields_of,
        fields_by_name=answers.fields_by_name,
        option_title=answers.option_title,
        attachments_of=attachments.of_transfer,
        kind_of_file=attachments.kind_title,
        record_of=member_records.record_of,
        retrieving_is_offered=retrievals.is_offered,
        accounts_are_offered=others_accounts.is_offered,
        title=titles.title,
        action_title=titles.action_title,
        step_title=titles.step_title,
        variety_title=titles.variety_title,
        state_title=titles.state_title,
        letter_state_title=titles.letter_state_title,
        kind_title=titles.kind_title,
        sex_title=titles.sex_title,
        account_title=titles.account_title,
    )
    app.jinja_env.filters.update(moment=moment, short_moment=short_moment)
    app.context_processor(surroundings)


def surroundings() -> dict[str, Any]:
    """The acting session with its roles and the counts of its lists; nothing before log-in or after a fault."""
    if g.get("page_fails"):
        return {"session": None}
    try:
        session = sessions.current()
    except Refused:
        return {"session": None}
    account = session.account
    if restrictions.awaited(session.awaits, account.password_kind, deployment().profile) is not None:
        return {"session": None, "restricted": session}
    if "page_surroundings" not in g:
        g.page_surroundings = {
            "session": session,
            "roles": roles_of(session.account.id),
            "counts": counts(actor=session.actor),
            "unread": count_unread(actor=session.actor),
            "starts": offered_starts(session.actor, profile=deployment().profile),
            "follows_progress": sight.follows_progress(session.actor, deployment().profile),
            "has_desk": desk.is_for(session.actor),
            "here": request.path,
        }
    known: dict[str, Any] = g.page_surroundings
    return known


def asset(name: str) -> str:
    """The address of a file of ours, with a part of its hash, so that browsers fetch a changed one anew."""
    return url_for("static", filename=name, v=_hash(str(current_app.static_folder), name))


@cache
def _hash(folder: str, name: str) -> str:
    return hashlib.sha256((Path(folder) / name).read_bytes()).hexdigest()[:_HASH_LENGTH]


def moment(value: Any) -> str:
    """A moment as people here write it."""
    return f"{value.astimezone(ZONE):%Y-%m-%d %H:%M}"


def short_moment(value: Any) -> str:
    """A moment without the year."""
    return f"{value.astimezone(ZONE):%m-%d %H:%M}"
