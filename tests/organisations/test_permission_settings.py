"""Permissions and levels as they are set, and what that does to routes."""

from collections.abc import Callable

import pytest

from service.domain.accounts.actors import Actor
from service.domain.accounts.roles import Role
from service.domain.errors import Refused
from service.storage.db import reading
from service.storage.organisations import organisations
from service.use_cases.organisations.configure_permissions import set_permissions, show_permissions
from tests.organisations.conftest import Upkeep
from tests.support.refusals import refused
from tests.use_cases.walker import submit


@pytest.mark.scenario("S-22")
@pytest.mark.requirement("R-014")
@pytest.mark.requirement("R-015")
@pytest.mark.requirement("R-017")
@pytest.mark.requirement("R-018")
def test_s_22_permission_configuration(province: Upkeep) -> None:
    province.configure("A1-T1-G", by="A1-T1", can_transfer=True)
    assert province.column("A1-T1-G", "can_transfer") is True
    with refused("E_PERM_BY_SUPERIOR_ONLY", "can_transfer"):
        province.configure("A1-T1", by="A1-T1", can_transfer=False)
    with refused("E_ORG_OUT_OF_SCOPE"):
        show_permissions("A1-T1-B1", actor=province.world.admins["A1"])
    province.configure("A1-T2", by="A1", can_transfer=False)
    assert province.column("A1-T2", "can_transfer") is False
    with refused("E_PERM_NOT_EDITABLE", "can_transfer"):
        province.configure("PD1-C", by="PD1", can_transfer=False)
    with refused("E_PERM_NOT_EDITABLE", "scope"):
        province.configure("PD1", by="P", scope="PROVINCE")


@pytest.mark.requirement("R-013")
@pytest.mark.requirement("R-006")
def test_what_is_no_permission_is_refused(province: Upkeep) -> None:
    for wanted, code, field in (
        ({"can_transfer": "perhaps"}, "E_PERM_INVALID", "can_transfer"),
        ({"scope": "WORLD"}, "E_PERM_INVALID", "scope"),
        ({"nonsense": True}, "E_PERM_INVALID", "nonsense"),
        ({"authority_level": "EMPEROR"}, "E_LEVEL_INVALID", "authority_level"),
    ):
        with refused(code, field):
            province.configure("A1-T1-G", by="A1-T1", **wanted)
    with refused("E_PERM_INVALID"):
        province.configure("A1-T1-G", by="A1-T1")
    with refused("E_ORG_NOT_FOUND"):
        province.configure("NONE", by="A1-T1", can_transfer=True)


@pytest.mark.requirement("R-016")
def test_an_organisation_sets_its_own_automatic_approval(province: Upkeep) -> None:
    province.configure("A1-T2", by="A1-T2", auto_approve_children="true")
    assert province.column("A1-T2", "auto_approve_children") is True
    with refused("E_FORBIDDEN"):
        province.configure("A1-T2", by="A1", auto_approve_children=False)


@pytest.mark.requirement("R-006")
def test_levels_are_set_by_oneself_and_from_above(make_upkeep: Callable[..., Upkeep]) -> None:
    upkeep = make_upkeep("fujian")
    upkeep.configure("A2-T2", by="A2-T2", authority_level="FIRST_LEVEL")
    upkeep.configure("A2-T2", by="P", authority_level="BELOW_FIRST")
    upkeep.configure("A2-T2", by="A2", authority_level="")
    assert upkeep.column("A2-T2", "authority_level") is None
    with refused("E_LEVEL_ABOVE_SUPERIOR", "authority_level"):
        upkeep.configure("A2-T2", by="A2-T2", authority_level="CITY_COMMITTEE")
    with refused("E_LEVEL_ABOVE_SUPERIOR", "authority_level"):
        upkeep.configure("A2", by="CA", authority_level="BELOW_FIRST")  # A2-T1 would outrank it
    upkeep.configure("A2", by="CA", authority_level="FIRST_LEVEL")


def test_a_tree_that_gets_or_loses_its_cities_is_noticed(make_upkeep: Callable[..., Upkeep]) -> None:
    upkeep = make_upkeep("fujian")
    with reading():
        assert organisations.has_cities()
    for code in ("CA", "CB"):
        upkeep.configure(code, by="P", authority_level="")
    with reading():
        assert not organisations.has_cities()


@pytest.mark.requirement("R-015")
def test_the_system_administrator_sets_a_scope(province: Upkeep) -> None:
    system = Actor(province.world.admins["P"].account_id, "系统管理员", Role.SYSTEM_ADMIN, None)
    seen = set_permissions("A1-T1-G", {"scope": "PROVINCE"}, actor=system, now=province.now)
    assert (seen.organisation.scope.name, seen.organisation.can_transfer) == ("PROVINCE", True)
    (entry,) = province.log()
    assert entry.after == {"scope": "PROVINCE", "can_transfer": True}
    with refused("E_PERM_NOT_EDITABLE"):
        province.configure("A1-T1-G", by="A1-T1", can_transfer=False)


@pytest.mark.requirement("R-014")
@pytest.mark.requirement("R-020")
def test_a_change_counts_for_transfers_that_begin_later(province: Upkeep) -> None:
    early = submit(province.world, "A1-T2-G-B1", "A1-T1-B1", starter="A1-T2-G-B1")
    province.configure("A1-T2-G", by="A1-T2", can_transfer=False)
    late = submit(province.world, "A1-T2-G-B1", "A1-T1-B1", starter="A1-T2-G-B1")
    assert "A1-T2-G" in [hop.code for hop in early.transfer.hops]
    assert "A1-T2-G" not in [hop.code for hop in late.transfer.hops]
    for played in (early, late):
        played.to_end()
    assert "A1-T2-G" in [hop.code for hop in early.transfer.hops]


@pytest.mark.requirement("R-014")
def test_who_cannot_transfer_starts_none(province: Upkeep) -> None:
    province.configure("A1-T1-B1", by="A1-T1", can_transfer=False)
    province.world.admins["A1-T1-B1"] = _as_it_is_now(province, "A1-T1-B1")
    with pytest.raises(Refused, match="E_NO_TRANSFER_PERMISSION"):
        submit(province.world, "A1-T1-B1", "A1-T1-B2", starter="A1-T1-B1")


@pytest.mark.requirement("R-020")
def test_a_level_counts_for_transfers_that_begin_later(make_upkeep: Callable[..., Upkeep]) -> None:
    upkeep = make_upkeep("fujian")
    early = submit(upkeep.world, "A2-T2-B1", "A1-T1-B1")
    assert "A2" in [hop.code for hop in early.transfer.hops]
    upkeep.configure("A2-T2", by="A2-T2", authority_level="FIRST_LEVEL")
    late = submit(upkeep.world, "A2-T2-B1", "A1-T1-B1")
    assert "A2" not in [hop.code for hop in late.transfer.hops]
    assert "A2" in [hop.code for hop in early.transfer.hops]
    early.to_end()


def test_who_sets_what_is_set_already_leaves_no_trace(province: Upkeep) -> None:
    province.configure("A1-T2", by="A1", can_transfer=True)
    assert province.log() == []


def _as_it_is_now(upkeep: Upkeep, code: str) -> Actor:
    known = upkeep.world.admins[code]
    with reading():
        return Actor(known.account_id, known.name, known.role, organisations.chain(code)[0])
