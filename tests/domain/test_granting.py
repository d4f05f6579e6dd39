"""Who may give whom which role (R-025–R-031, R-034)."""

from datetime import date

import pytest

from service.domain.accounts import granting
from service.domain.accounts.actors import Actor
from service.domain.accounts.duties import Duty
from service.domain.accounts.granting import Candidate, HeldRole
from service.domain.accounts.roles import Role, admin_role
from service.domain.errors import Refused
from service.domain.organisations.organisations import Chain
from service.domain.profile import Profile
from tests.reference.seeding import deployment_of
from tests.reference.trees import T1, chains

TREE = chains(T1)


def profile(name: str) -> Profile:
    return deployment_of(name).profile


def admin(code: str, role: Role | None = None) -> Actor:
    org = TREE[code][0]
    return Actor(1, "样例", role or admin_role(org.org_type), org)


def candidate(branch: str = "", *, has_phone: bool = True) -> Candidate:
    return Candidate(7, "张样例", TREE[branch] if branch else (), not branch, has_phone)


def may_grant(actor: Actor, chain: Chain, name: str = "national", administered: tuple[str, ...] = ()) -> None:
    granting.require_may_grant(actor, chain, profile(name), administered=administered)


@pytest.mark.requirement("R-025")
def test_a_superior_grants_and_nobody_grants_for_himself() -> None:
    may_grant(admin("A1-T1"), TREE["A1-T1-B1"])
    for actor in (admin("A1-T1-B1"), admin("A1-T2"), admin("A2")):
        with pytest.raises(Refused, match="E_ORG_OUT_OF_SCOPE"):
            may_grant(actor, TREE["A1-T1-B1"])
    with pytest.raises(Refused, match="E_FORBIDDEN"):
        may_grant(Actor(1, "样例", Role.MEMBER), TREE["A1-T1-B1"])


@pytest.mark.requirement("R-027")
def test_the_next_higher_organisation_that_has_an_administrator_grants() -> None:
    may_grant(admin("A1"), TREE["A1-T1-B1"])
    with pytest.raises(Refused, match="E_ORG_OUT_OF_SCOPE"):
        may_grant(admin("A1"), TREE["A1-T1-B1"], administered=("A1-T1",))


@pytest.mark.requirement("R-034")
def test_a_security_officer_grants_within_his_scope_where_the_profile_says_so() -> None:
    everywhere, county = Actor(1, "样例", Role.SECURITY_OFFICER), admin("A1", Role.SECURITY_OFFICER)
    may_grant(everywhere, TREE["A2-T1"], "shandong")
    may_grant(county, TREE["A1-T1-B1"], "shandong")
    with pytest.raises(Refused, match="E_ORG_OUT_OF_SCOPE"):
        may_grant(county, TREE["A2-T1"], "shandong")
    with pytest.raises(Refused, match="E_FORBIDDEN"):
        may_grant(everywhere, TREE["A2-T1"], "national")
    with pytest.raises(Refused, match="E_FORBIDDEN"):
        may_grant(admin("A1"), TREE["A1-T1"], "shandong")
    roles = granting.possible_roles(TREE["A1-T1"][0], county, profile("shandong"))
    assert roles == (Role.COMMITTEE_ADMIN, Role.DATA_COLLECTOR)


@pytest.mark.requirement("R-030")
def test_in_fujian_there_are_liaisons_only() -> None:
    assert granting.possible_roles(TREE["A1-T1"][0], admin("A1"), profile("fujian")) == (Role.LIAISON,)
    assert granting.role_of_duty(Duty.SECRETARY, TREE["A1-T1-B1"][0], profile("fujian")) is None


@pytest.mark.requirement("R-031")
def test_a_liaison_needs_a_bound_telephone_a_virtual_account_does_not() -> None:
    org, rules = TREE["A1-T1-B1"][0], profile("fujian")
    with pytest.raises(Refused, match="E_PHONE_NOT_ACTIVATED"):
        granting.require_candidate(candidate("A1-T1-B1", has_phone=False), Role.LIAISON, org, rules, held=())
    granting.require_candidate(candidate("A1-T1-B1"), Role.LIAISON, org, rules, held=())
    granting.require_candidate(candidate(has_phone=False), Role.LIAISON, org, rules, held=())


@pytest.mark.requirement("R-028")
def test_a_branch_is_administered_by_its_own_members_where_the_profile_says_so() -> None:
    org, rules = TREE["A1-T1-B1"][0], profile("beijing-cuc")
    granting.require_candidate(candidate("A1-T1-B1"), Role.BRANCH_ADMIN, org, rules, held=())
    for other in (candidate("A1-T1-B2"), candidate()):
        with pytest.raises(Refused, match="E_CANDIDATE_NOT_IN_BRANCH"):
            granting.require_candidate(other, Role.BRANCH_ADMIN, org, rules, held=())
        granting.require_candidate(other, Role.BRANCH_ADMIN, org, profile("national"), held=())


@pytest.mark.requirement("R-027")
def test_two_contacts_from_inside_and_no_third() -> None:
    org, rules, role = TREE["A1-T1"][0], profile("beijing-cuc"), Role.PARTY_AFFAIRS_CONTACT
    assert role in granting.possible_roles(org, admin("A1"), rules)
    held = (HeldRole(1, role),)
    granting.require_candidate(candidate("A1-T1-B1"), role, org, rules, held=held)
    with pytest.raises(Refused, match="E_CANDIDATE_NOT_MEMBER"):
        granting.require_candidate(candidate("A1-T2-B1"), role, org, rules, held=held)
    with pytest.raises(Refused, match="E_ADMIN_LIMIT"):
        granting.require_candidate(candidate("A1-T1-B1"), role, org, rules, held=(*held, HeldRole(2, role)))


@pytest.mark.requirement("R-025")
def test_no_role_twice_and_none_that_is_over_before_it_begins() -> None:
    org, held = TREE["A1-T1-B1"][0], (HeldRole(7, Role.BRANCH_ADMIN),)
    with pytest.raises(Refused, match="E_ROLE_DUPLICATE"):
        granting.require_candidate(candidate("A1-T1-B1"), Role.BRANCH_ADMIN, org, profile("national"), held=held)
    granting.require_validity(date(2025, 3, 10), today=date(2025, 3, 10))
    with pytest.raises(Refused, match="E_FIELD_INVALID"):
        granting.require_validity(date(2025, 3, 9), today=date(2025, 3, 10))


@pytest.mark.requirement("R-026")
def test_what_a_duty_confers() -> None:
    branch, committee, rules = TREE["A1-T1-B1"][0], TREE["A1-T1"][0], profile("beijing")
    assert {duty: granting.role_of_duty(duty, branch, rules) for duty in Duty} == dict.fromkeys(Duty, Role.BRANCH_ADMIN)
    assert granting.role_of_duty(Duty.COMMITTEE_MEMBER, committee, rules) is None
    assert granting.role_of_duty(Duty.DEPUTY_SECRETARY, committee, rules) is Role.COMMITTEE_ADMIN
    granting.require_may_record_duty(admin("A1-T1"), TREE["A1-T1-B1"], rules)
    with pytest.raises(Refused, match="E_ORG_OUT_OF_SCOPE"):
        granting.require_may_record_duty(admin("A1-T1-B1"), TREE["A1-T1-B1"], rules)
    with pytest.raises(Refused, match="E_FORBIDDEN"):
        granting.require_may_record_duty(admin("A1-T1"), TREE["A1-T1-B1"], profile("national"))
