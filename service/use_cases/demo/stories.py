"""Transfers of the demonstration, each carried through the real use cases to where its story ends.

They are told under whatever profile is in force: who holds a hop takes the affirmative action it offers him. A story
that a profile does not allow is left out.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.domain.accounts.actors import Actor
from service.domain.clock import local_date
from service.domain.errors import Refused
from service.domain.transfers import judging, offers
from service.domain.transfers.actions import NEGATIVE, ONWARD, Action
from service.domain.transfers.context import Decision
from service.domain.transfers.offers import Offer
from service.storage.db import reading
from service.storage.transfers import transfers
from service.storage.transfers.transfer_rows import Stored
from service.use_cases.demo.logins import (
    AWAY_BRANCH,
    HOME_BRANCH,
    STUDENT_BRANCH,
)
from service.use_cases.deployment import Deployment
from service.use_cases.transfers import surroundings
from service.use_cases.transfers.decide import decide
from service.use_cases.transfers.submit_transfer import Chosen, submit_transfer

ActorOf = Callable[[str], Actor]
"""The administrator of an organisation, by its code."""

_MOST_HOPS = 30
_PAUSE = timedelta(hours=3)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Story:
    """A transfer of the nth member of a branch: after `hops` decisions it rests, or is sent back once more."""

    name: str
    branch: str
    place: int
    days_ago: int
    target: str
    hops: int
    sent_back: bool = False
    outside: bool = False


STORIES = (
    Story("just applied", HOME_BRANCH, 1, 1, AWAY_BRANCH, 0),
    Story("half way", HOME_BRANCH, 2, 4, AWAY_BRANCH, 2),
    Story("arrived", HOME_BRANCH, 3, 20, AWAY_BRANCH, _MOST_HOPS),
    Story("sent back", STUDENT_BRANCH, 1, 6, HOME_BRANCH, 1, sent_back=True),
    Story("on the way out", HOME_BRANCH, 4, 5, "中共样例省样例市委员会组织部", 2, outside=True),
    Story("inside the sub-district", AWAY_BRANCH, 1, 2, "350121101002", 1),
    Story("long arrived", STUDENT_BRANCH, 2, 40, AWAY_BRANCH, _MOST_HOPS),
)


@dataclass(frozen=True, slots=True)
class Stage:
    """What every story is told with."""

    deployment: Deployment
    actor_of: ActorOf
    now: datetime


def tell(story: Story, member_id: int, stage: Stage) -> bool:
    """Carry one story to its end; answers whether the profile allows it."""
    at = stage.now - timedelta(days=story.days_ago)
    try:
        transfer_id = _begin(story, member_id, stage, at)
        for number in range(1, story.hops + 1):
            _go_on(transfer_id, stage, at + number * _PAUSE, forward=True)
        if story.sent_back:
            _go_on(transfer_id, stage, at + (story.hops + 1) * _PAUSE, forward=False)
    except Refused as refused:
        _log.info("story %s is not told: %s", story.name, refused)
        return False
    return True


def _begin(story: Story, member_id: int, stage: Stage, at: datetime) -> int:
    answers: dict[str, object] = {
        "decision": "submit",
        "target": story.target,
        "reason": "工作调动",
        "dues_paid_to": f"{local_date(at):%Y-%m}",
        "contact": "13900000001",
        "attestation": True,
        "committee_contact": "样例联系人",
        "committee_telephone": "0590-8000000",
        "committee_fax": "0590-8000001",
        "committee_postcode": "350000",
        "committee_address": "样例路1号",
    }
    if story.outside:
        answers |= {"destination_kind": "OTHER_PROVINCE", "off_tree": True, "letter_heading": story.target}
    answer = submit_transfer(
        answers,
        actor=stage.actor_of(story.branch),
        chosen=Chosen(member_id),
        key=f"demo:{story.name}",
        now=at,
        deployment=stage.deployment,
    )
    return answer.transfer_id


def _go_on(transfer_id: int, stage: Stage, at: datetime, *, forward: bool) -> None:
    with reading():
        stored = transfers.get(transfer_id)
    if stored.transfer.state.is_final:
        return
    actor = _holder(stored, stage)
    with reading():
        chosen = _chosen(stored, actor, stage, forward=forward)
    decide(
        transfer_id,
        version=stored.version,
        answers=_answers(chosen, stored, at),
        actor=actor,
        key=f"demo:{transfer_id}:{stored.version}",
        now=at,
        deployment=stage.deployment,
    )


def _holder(stored: Stored, stage: Stage) -> Actor:
    holder = stored.transfer.hop.org or stored.transfer.starter
    if holder is None:
        raise Refused("E_NOT_CURRENT_HOP")
    return stage.actor_of(holder.code)


def _chosen(stored: Stored, actor: Actor, stage: Stage, *, forward: bool) -> Offer:
    context = surroundings.context_of(stored, Decision(Action.SUBMIT), stage.deployment)
    wanted = ONWARD if forward else NEGATIVE
    for action in judging.offered(context, actor):
        if action in wanted:
            return offers.offer(action, context)
    raise Refused("E_ACTION_NOT_ALLOWED")


def _answers(chosen: Offer, stored: Stored, at: datetime) -> Mapping[str, object]:
    target, day = stored.transfer.target, local_date(at).isoformat()
    samples: dict[str, object] = {
        "dues_paid_to": day[:7],
        "out_type": stored.transfer.out_type,
        "reason": "材料不全，请补充",
        "report_in_date": day,
        "target": target.org.code if target.org else target.text,
        "telephone": "0590-8000000",
        "transfer_in_date": day,
    }
    asked = {
        name: samples[name]
        for name in chosen.fields
        if name in samples and name in (*chosen.required, "report_in_date")
    }
    opinion = "请核对" if chosen.action in NEGATIVE else "同意"
    return {"decision": chosen.action.value, "opinion": opinion, **dict.fromkeys(chosen.boxes, True), **asked}
