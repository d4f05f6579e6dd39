"""Notices and messages through the interface and on pages: each reads his own, the operator sends again."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from service.domain.accounts.roles import Role
from service.sending.failures import Rejected
from service.storage import audit
from service.storage.db import execute, reading, transaction
from service.storage.messages import outbox
from service.use_cases.accounts.open_account import grant_role, open_account
from service.use_cases.outbox.channels import Channels
from service.use_cases.outbox.deliver_messages import deliver_messages
from service.use_cases.outbox.spread_notices import spread_notices
from tests.reference.seeding import PASSWORD
from tests.use_cases.walker import FORM
from tests.web.conftest import MakeSite
from tests.web.programs import Program, Site, refused


def start(site: Site, number: int = 1) -> list[int]:
    """So many transfers stand before A1-T1-B1, and it was told."""
    branch = site.admin("A1-T1-B1")
    made = []
    for _ in range(number):
        with site.app.app_context():
            member = site.world.newcomer("A1-T1-B1").member_id
        answer = branch.post("/transfers", {"member_id": member, "answers": {**FORM, "target": "A2-T1-B1"}})
        made.append(answer.json["transfer_id"])
    spread(site)
    return made


def spread(site: Site) -> None:
    with site.app.app_context():
        later = datetime.now(UTC) + timedelta(days=1)
        spread_notices(profile=site.world.deployment.profile, channels=Channels(), now=later)


def operator(site: Site) -> Program:
    with site.app.app_context(), transaction():
        account = open_account("root", name="系统管理员", password=PASSWORD, deployment=site.world.deployment)
        grant_role(account, Role.SYSTEM_ADMIN, org_id=None)
    return site.program("root")


def give_up(site: Site) -> None:
    def deliver(_: outbox.Message) -> None:
        raise Rejected("HTTP 422")

    with site.app.app_context():
        with transaction():
            outbox.add([outbox.Message("lost", "membership_left", {"transfer": 1})], now=datetime.now(UTC))
        deliver_messages(deliver=deliver, now=datetime.now(UTC), kinds={"membership_left"})


@pytest.mark.requirement("R-192")
def test_a_program_reads_its_notices_and_marks_them(site: Site) -> None:
    first, second = start(site, 2)
    branch, other = site.admin("A1-T1-B1"), site.admin("A2-T1")
    page = branch.get("/notices?per_page=1").json
    assert (page["total"], page["unread"], len(page["items"])) == (2, 2, 1)
    told = page["items"][0]
    assert (told["kind"], told["transfer_id"], told["read_at"]) == ("hop_opened", second, None)
    assert (told["message_zh"], told["message_en"]) == ("有新的待办", "There is something new to do")
    assert other.get("/notices").json["items"] == []
    assert other.post("/notices/read", {"ids": [told["id"]]}).json == {"unread": 0}
    assert branch.post("/notices/read", {"ids": [told["id"]]}).json == {"unread": 1}
    assert branch.post("/notices/read", {"until": told["id"]}).json == {"unread": 0}
    shown = branch.get("/notices").json["items"]
    assert [each["transfer_id"] for each in shown] == [second, first]
    assert all(each["read_at"] for each in shown)


@pytest.mark.parametrize("body", [{}, {"ids": []}, {"ids": [1], "until": 1}, {"ids": ["1"]}, {"until": 0}])
def test_what_is_to_be_marked_is_said_properly(site: Site, body: dict) -> None:
    assert site.admin("A1-T1-B1").post("/notices/read", body).status_code == 422


@pytest.mark.requirement("R-049")
@pytest.mark.requirement("R-194")
def test_the_operator_sees_what_was_given_up_and_sends_it_again(site: Site) -> None:
    give_up(site)
    root = operator(site)
    (lost,) = root.get("/messages/dead").json["items"]
    assert (lost["key"], lost["attempts"], lost["last_error"]) == ("lost", 1, "Rejected: HTTP 422")
    assert root.post("/messages/resend", {"ids": [lost["id"]]}).json == {"resent": 1}
    assert root.post("/messages/resend", {"ids": None}).json == {"resent": 0}
    assert root.get("/messages/dead").json["total"] == 0
    with site.app.app_context(), reading():
        entries = execute(sa.select(audit.table.c.action, audit.table.c.role)).all()
    assert ("resend_messages", "SYSTEM_ADMIN") in [tuple(each) for each in entries]
    officer = site.admin("A1")
    assert refused(officer.get("/messages/dead")) == (403, "E_FORBIDDEN")
    assert refused(officer.post("/messages/resend", {"ids": None})) == (403, "E_FORBIDDEN")


@pytest.mark.requirement("R-125")
@pytest.mark.requirement("R-190")
def test_lists_mark_what_is_overdue_and_what_an_expired_letter_means(make_site: MakeSite) -> None:
    for profile, mark in (("shandong", "expired"), ("default", "blocked")):
        site = make_site(profile)
        branch = site.admin("A1-T1-B1")
        with site.app.app_context():
            member = site.world.newcomer("A1-T1-B1").member_id
        asked = {"member_id": member, "answers": {**FORM, "target": "A2-T1-B1"}}
        assert branch.post("/transfers", asked).status_code == 201
        holder = site.admin("A1-T1")
        (line,) = holder.get("/inbox").json["items"]
        assert (line["is_overdue"], line["letter_mark"]) == (False, "valid")
        assert line["due_at"]
        site.now += timedelta(days=60)
        (line,) = site.admin("A1-T1").get("/inbox").json["items"]
        assert (line["is_overdue"], line["letter_mark"]) == (True, mark)
