"""The record of a member: its fields, who changes it, what is logged (R-040, R-042, R-045, R-046, R-210, R-229, R-038)."""

from datetime import date

import pytest
import sqlalchemy as sa

from service.domain.members.members import MemberKind, MemberStatus
from service.storage import audit
from service.storage.audit import Subject
from service.storage.db import execute, reading
from service.storage.members import member_details, member_moves, members
from service.use_cases.members.authorise_keeping import authorise_keeping
from service.use_cases.members.change_membership import become_full, change_status
from service.use_cases.members.show_member import reveal_number, show_log
from tests.members.conftest import WHOLE, Keeping
from tests.reference.seeding import VAULT
from tests.support.refusals import refused


@pytest.mark.requirement("R-040")
def test_a_record_keeps_every_field_and_the_personal_ones_sealed(university: Keeping) -> None:
    member = university.add("XU-C1-B1")
    lost = {"is_lost_contact": True, "lost_on": "2018-01-02", "is_floating": True, "floating_to": "样例省"}
    rest = {"duty": "组织委员", "is_graduate": True, "is_migrant_worker": True}
    assert university.edit(member, by="XU-C1", **WHOLE, **lost, **rest) == 1
    assert university.answers(member) == {**WHOLE, **lost, **rest}
    with reading():
        stored = execute(sa.select(member_details.table.c.sealed)).scalar_one()
        row = execute(sa.select(members.table).where(members.table.c.id == member)).one()
        entry = audit.of_subject(Subject("member", str(member)))[0]
    for secret in ("样例路", "010-00001111", "13900000002"):
        assert secret.encode() not in bytes(stored)
        assert secret not in str(row)
        assert secret not in str(entry)
    assert (entry.action, "home_address" in entry.after["fields"]) == ("edit_member", True)
    assert VAULT.open(university.person(member).person_key, entry.sealed)["after"]["home_address"] == "样例路 1 号"


@pytest.mark.requirement("R-040")
def test_everything_wrong_is_named_at_once(university: Keeping) -> None:
    member = university.add("XU-C1-B1")
    wrong = {
        "name": "", "joined_on": "2018-12-01", "mobile": "1", "other_contact": "2", "native_place": "无",
        "is_lost_contact": True, "is_floating": True, "full_on": "",
    }  # fmt: skip
    with refused("E_REQUIRED_FIELD") as caught:
        university.edit(member, by="XU-C1", **{**WHOLE, **wrong})
    assert {(each.code, each.field) for each in caught.value.fields} == {
        ("E_REQUIRED_FIELD", "name"),
        ("E_REQUIRED_FIELD", "full_on"),
        ("E_REQUIRED_FIELD", "lost_on"),
        ("E_REQUIRED_FIELD", "floating_to"),
        ("E_DATE_FUTURE", "joined_on"),
        ("E_PHONE_FORMAT", "mobile"),
        ("E_PHONE_FORMAT", "other_contact"),
        ("E_FIELD_INVALID", "native_place"),
    }
    assert university.version(member) == 0


@pytest.mark.requirement("R-042")
@pytest.mark.requirement("R-229")
def test_what_the_identity_number_says_and_the_branch_are_not_edited(university: Keeping) -> None:
    member = university.add("XU-C1-B1")
    for field in ("id_number", "sex", "birth_date", "branch_code"):
        with refused("E_FIELD_READONLY", field):
            university.edit(member, by="XU-C1", **WHOLE, **{field: "XU-C1-B2"})
    with refused("E_ACTION_NOT_ALLOWED", "status"):
        change(university, member, MemberStatus.HIST_TRANSFERRED_OUT)
    assert university.person(member).branch_code == "XU-C1-B1"


@pytest.mark.requirement("R-210")
def test_committees_edit_their_subtree_and_branches_once_they_are_authorised(university: Keeping) -> None:
    member = university.add("XU-C1-B1")
    for by, code in (("XU-C2", "E_NOT_FOUND"), ("XU-C1-B2", "E_NOT_FOUND"), ("XU-C1-B1", "E_FORBIDDEN")):
        with refused(code):
            university.edit(member, by=by, **WHOLE)
    admins = university.world.admins
    for by, code in (("XU-C1-B1", "E_FORBIDDEN"), ("XU-C2", "E_ORG_OUT_OF_SCOPE")):
        with refused(code):
            authorise_keeping("XU-C1-B1", authorised=True, actor=admins[by], now=university.now)
    authorise_keeping("XU-C1-B1", authorised=True, actor=admins["XU-C1"], now=university.now)
    assert university.edit(member, by="XU-C1-B1", **WHOLE) == 1
    authorise_keeping("XU-C1-B1", authorised=False, actor=admins["XU-C1"], now=university.now)
    with refused("E_FORBIDDEN"):
        university.edit(member, by="XU-C1-B1", **WHOLE)
    assert university.edit(member, by="XU", **WHOLE) == 2


@pytest.mark.requirement("R-210")
def test_who_was_slower_is_told(university: Keeping) -> None:
    member = university.add("XU-C1-B1")
    university.edit(member, by="XU-C1", **WHOLE)
    for old in (0, 7):
        with refused("E_STALE", "version"):
            university.edit(member, by="XU-C1", version=old, **WHOLE)


@pytest.mark.requirement("R-045")
def test_a_probationary_member_becomes_full_on_a_day_after_he_joined(university: Keeping) -> None:
    member = university.add("XU-C1-B1", kind=MemberKind.PROBATIONARY, joined_on=date(2017, 10, 1))
    for day, code in ((None, "E_REQUIRED_FIELD"), ("2018-11-06", "E_DATE_FUTURE"), ("2017-10-01", "E_DATE_ORDER")):
        with refused(code, "full_on"):
            full(university, member, day)
    full(university, member, "2018-11-05")
    person = university.person(member).member
    assert (person.kind, person.full_on) == (MemberKind.FULL, date(2018, 11, 5))
    with refused("E_ACTION_NOT_ALLOWED"):
        full(university, member, "2018-11-05")


@pytest.mark.requirement("R-046")
def test_a_membership_is_suspended_resumed_and_ended_with_a_decrease_record(university: Keeping) -> None:
    member = university.add("XU-C1-B1", joined_on=date(2010, 1, 1))
    change(university, member, MemberStatus.MEMBERSHIP_SUSPENDED)
    assert university.person(member).member.status is MemberStatus.MEMBERSHIP_SUSPENDED
    change(university, member, MemberStatus.ACTIVE)
    with refused("E_DATE_FUTURE", "on"):
        change(university, member, MemberStatus.HIST_DECEASED, on=date(2018, 11, 6))
    change(university, member, MemberStatus.HIST_DECEASED)
    with reading():
        moves = member_moves.of_member(member)
    assert [(each.is_increase, each.org_code, each.cause) for each in moves] == [(False, "XU-C1-B1", "DECEASED")]
    with refused("E_MEMBER_HISTORICAL"):
        change(university, member, MemberStatus.ACTIVE)
    with refused("E_MEMBER_HISTORICAL"):
        university.edit(member, by="XU-C1", **WHOLE)


@pytest.mark.requirement("R-038")
def test_a_number_is_masked_and_its_full_display_logged(university: Keeping) -> None:
    member = university.add("XU-C1-B1")
    number = university.person(member).member.id_number
    assert university.show(member, by="XU-C1").id_number == f"{number[:6]}********{number[-4:]}"
    admins, deployment = university.world.admins, university.world.deployment
    with refused("E_NOT_FOUND"):
        reveal_number(member, actor=admins["XU-C2"], now=university.now, deployment=deployment)
    assert reveal_number(member, actor=admins["XU-C1"], now=university.now, deployment=deployment) == number
    entry = show_log(member, actor=admins["XU"], deployment=deployment)[0]
    assert (entry.action, entry.acting_org, number in str(entry)) == ("show_id_number", "XU-C1", False)


def full(keeping: Keeping, member: int, day: str | None) -> None:
    become_full(
        member,
        date.fromisoformat(day) if day else None,
        actor=keeping.world.admins["XU-C1"],
        now=keeping.now,
        deployment=keeping.world.deployment,
    )


def change(keeping: Keeping, member: int, wanted: MemberStatus, *, on: date = date(2018, 11, 1)) -> None:
    change_status(
        member,
        wanted,
        on=on,
        actor=keeping.world.admins["XU-C1"],
        now=keeping.now,
        deployment=keeping.world.deployment,
    )
