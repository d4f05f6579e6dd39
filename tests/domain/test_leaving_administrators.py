"""Administrators who transfer themselves (R-198–R-201)."""

import pytest

from service.definitions.profiles import profile
from service.domain.errors import Refused
from service.domain.profile import Profile
from service.domain.transfers import leaving_administrators
from service.domain.transfers.leaving_administrators import NO_OFFICE, Office

CASES = [
    (NO_OFFICE, None),
    (Office(open_tasks=1), "E_ADMIN_PENDING_TASKS"),
    (Office(open_tasks=1, of_own_branch=True, other_members=0), "E_ADMIN_PENDING_TASKS"),
    (Office(of_own_branch=False, other_members=5), None),
    (Office(of_own_branch=True, other_members=1), "E_ADMIN_SUCCESSOR_REQUIRED"),
    (Office(of_own_branch=True, other_members=0), None),
    (Office(of_own_branch=True, other_members=3, other_administrators=2, staying=1), None),
    (Office(of_own_branch=True, other_members=3, other_administrators=2, staying=0), "E_LAST_ADMIN_LEAVING"),
    (Office(of_own_branch=True, other_members=0, other_administrators=2, staying=0), None),
]


@pytest.mark.requirement("R-198")
@pytest.mark.requirement("R-199")
@pytest.mark.requirement("R-200")
@pytest.mark.requirement("R-201")
@pytest.mark.parametrize(("office", "code"), CASES)
@pytest.mark.parametrize("name", ["beijing", "beijing-cuc", "national", "fujian", "shandong", "default"])
def test_who_may_leave(name: str, office: Office, code: str | None) -> None:
    if code is None:
        leaving_administrators.check_office(office, profile(name))
        return
    with pytest.raises(Refused, match=code):
        leaving_administrators.check_office(office, profile(name))


@pytest.mark.requirement("R-198")
@pytest.mark.scenario("S-43")
def test_the_sentence_is_that_of_the_manual() -> None:
    with pytest.raises(Refused) as refusal:
        leaving_administrators.check_office(Office(open_tasks=2), profile("fujian"))
    assert refusal.value.message_zh == "管理员您好，您还有未办理的事项，请先办理完才能申请转出"


@pytest.mark.requirement("R-199")
def test_a_profile_may_leave_it_to_people() -> None:
    rules = profile("fujian")
    free = Profile(rules.name, {**rules.values, "self_transfer.admin_guard": False})
    leaving_administrators.check_office(Office(open_tasks=1, of_own_branch=True, other_members=9), free)
