"""Who sees a transfer: its member, the organisations of its route, those above origin and target (R-039, R-217)."""

from dataclasses import replace

import pytest

from service.domain.accounts.actors import Actor
from service.domain.accounts.roles import Role
from service.domain.errors import Refused
from service.domain.transfers import sight
from tests.varieties.walker import Walk, begun


def seen_by(walk: Walk, actor: Actor) -> bool:
    try:
        sight.require_visible(walk.context, actor)
    except Refused as refusal:
        assert refusal.code == "E_NOT_FOUND"
        return False
    return True


@pytest.mark.requirement("R-039")
def test_organisations_see_what_is_theirs_and_below_them() -> None:
    walk = begun("shandong", "A1-T1-B1", "A2-T1-B1")
    seeing = {code for code in walk.chains if seen_by(walk, walk.admin(code))}
    assert seeing == {"A1-T1-B1", "A1-T1", "A1", "A2", "A2-T1", "A2-T1-B1", "CA", "P"}


@pytest.mark.requirement("R-039")
def test_who_was_passed_on_the_way_sees_it_still() -> None:
    walk = begun("national", "GU-1-B1", "RC1-T-B1")
    assert seen_by(walk, walk.admin("RC1"))
    walk.to_end()
    assert seen_by(walk, walk.admin("RC1"))
    assert not seen_by(walk, walk.admin("GU-3"))


@pytest.mark.requirement("R-039")
def test_a_member_sees_his_own_and_an_applicant_what_he_applied_for() -> None:
    walk = begun("fujian", "A1-T1-B1", "A2-T1-B1")
    himself = Actor(1, "本人", Role.MEMBER, None, walk.transfer.member_id)
    assert seen_by(walk, himself)
    assert not seen_by(walk, replace(himself, member_id=walk.transfer.member_id + 1))


@pytest.mark.requirement("R-217")
def test_roles_without_an_organisation_of_the_route() -> None:
    walk = begun("shandong", "A1-T1-B1", "A2-T1-B1")
    other, below = walk.admin("B1").org, walk.admin("A1").org
    assert seen_by(walk, Actor(1, "审计员", Role.AUDITOR))
    assert seen_by(walk, Actor(1, "审计员", Role.AUDITOR, below))
    assert not seen_by(walk, Actor(1, "审计员", Role.AUDITOR, other))
    assert not seen_by(walk, Actor(1, "流程管理员", Role.PROCESS_DESIGNER, below))
    for organisation in (None, below):
        assert not seen_by(walk, Actor(1, "系统管理员", Role.SYSTEM_ADMIN, organisation))
