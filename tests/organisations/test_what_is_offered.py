"""Which entries an administrator finds: reviews for all, applications for those entitled to start them (R-019)."""

from collections.abc import Callable

import pytest

from service.use_cases.transfers.list_inbox import ListName, list_transfers
from service.use_cases.transfers.offered_starts import Start, offered_starts
from tests.organisations.conftest import Upkeep

OUT, IN = Start.OUTGOING, Start.INCOMING
OFFERED = {
    "shandong": {
        "A1-T1-B1": {OUT}, "A1-T2-G": {OUT}, "A1-T1": {OUT}, "B1-S1": {OUT}, "PD1-C": {OUT},
        "A1": {IN}, "CA": {IN}, "PD1": {IN}, "P": {IN}, "CA-D": set(),
    },
    "fujian": {"A1-T1-B1": {OUT}, "A1-T1": {OUT}, "A1": {OUT, IN}, "CA": {OUT, IN}, "P": {OUT, IN}, "PD1": {OUT}},
    "national": {"GU-1": {OUT, IN}, "GU-1-B1": set(), "GU-3": {OUT, IN}, "R": {OUT, IN}},
}  # fmt: skip


@pytest.mark.requirement("R-019")
@pytest.mark.parametrize("profile", OFFERED)
def test_applications_are_offered_to_those_who_may_start_them(make_upkeep: Callable[..., Upkeep], profile: str) -> None:
    upkeep = make_upkeep(profile)
    rules = upkeep.world.deployment.profile
    found = {code: set(offered_starts(upkeep.world.admins[code], profile=rules)) for code in OFFERED[profile]}
    assert found == OFFERED[profile]


@pytest.mark.requirement("R-019")
def test_reviews_and_views_are_open_to_every_administrator(province: Upkeep) -> None:
    for code in ("A1-T1-B1", "A1-T2-G", "A1-T1", "A1", "CA", "P"):
        for name in (ListName.TO_DO, ListName.HANDLED, ListName.HISTORY):
            page = list_transfers(name, actor=province.world.admins[code], deployment=province.world.deployment)
            assert page.total == 0, (code, name)
