"""The named persons of the scenarios (requirements 5), settled in a reference tree with an account each."""

from collections.abc import Iterator
from dataclasses import dataclass

from service.domain.accounts.roles import admin_role
from service.domain.members import identity_numbers
from service.domain.members.members import MemberKind, MemberStatus
from service.storage.db import transaction
from service.use_cases.accounts.open_account import grant_role, open_account
from tests.reference.seeding import World, add_admin
from tests.reference.trees import TREE_OF_PROFILE

FULL, PROBATIONARY = MemberKind.FULL, MemberKind.PROBATIONARY
LEFT, SUSPENDED = MemberStatus.HIST_TRANSFERRED_OUT, MemberStatus.MEMBERSHIP_SUSPENDED
LEADING = frozenset({"shandong", "default"})
FUJIAN = frozenset({"fujian"})
EVERYWHERE = frozenset(TREE_OF_PROFILE)


@dataclass(frozen=True, slots=True)
class Named:
    """A person: `home` is the branch he belongs to, `acts_for` the organisation he administers under `profiles`.

    Nobody's member has neither home nor organisation: he arrives from outside.
    """

    name: str
    id_number: str
    home: str = ""
    acts_for: str = ""
    kind: MemberKind = FULL
    status: MemberStatus = MemberStatus.ACTIVE
    profiles: frozenset[str] = EVERYWHERE
    is_graduate: bool = False


OF_TREE = {
    "T1": (
        Named("张样例", "379901198501010017", "A1-T1-B1"),
        Named("李样例", "379901199002150028", "A1-T1-G-B1"),
        Named("王样例", "379901197811300031", "A1-T1-B1", "A1-T1-B1", profiles=LEADING),
        Named("赵样例", "37990119960606004X", "A1-T1-B2", kind=PROBATIONARY),
        Named("孙样例", "379901200109090059", "U-G1-B1"),
        Named("周样例", "379901196512120060", "PD1-C-B1"),
        Named("吴样例", "379901198808080079", "CA-D-C-B1"),
        Named("郑样例", "379901198303030084", "A1-T1-B1", status=LEFT),
        Named("钱样例", "379901197007070095", "A1-T1-B1", status=SUSPENDED),
        Named("华样例", "379901198602140419", acts_for="A1-T1", profiles=LEADING),
        Named("金样例", "379901199109190425", acts_for="A1", profiles=LEADING),
        Named("魏样例", "379901198408080432", acts_for="A1-T2", profiles=LEADING),
        Named("谢样例", "379901199511110470", acts_for="A1-T2-G-B1", profiles=LEADING),
        Named("冯样例", "359901199204180117", "A2-T1-B1"),
        Named("陈样例", "359901198705230122", "A2-T1-B1", "A2-T1-B1", profiles=FUJIAN),
        Named("卫样例", "35990119750917013X", acts_for="A2-T1", profiles=FUJIAN),
        Named("蒋样例", "359901199901010148", "A1-T2-B1", "A1-T2-B1", profiles=FUJIAN),
        Named("沈样例", "359901198111110158", acts_for="A1", profiles=FUJIAN),
        Named("韩样例", "359901199407040165", "A2-T2-B1", "A2-T2-B1", profiles=FUJIAN),
        Named("杨样例", "359901196802290179", "H-O"),
        Named("宋样例", "359901199001010580", "A1-T2-B1", "A1-T2-B1", profiles=FUJIAN),
    ),
    "T2": (
        Named("何样例", "119901199501170316", "XU-C1-B2", is_graduate=True),
        Named("吕样例", "119901199412280329", "XU-C1-B2", kind=PROBATIONARY),
        Named("施样例", "11990119720404033X", "XU-C1-B2", "XU-C1-B2"),
        Named("曹样例", "119901199603150340", "XU-G1-B1"),
        Named("严样例", "11990119800620035X", acts_for="XU-C1"),
        Named("罗样例", "119901199506170577", "XU-C1-B1"),
    ),
    "T3": (
        Named("朱样例", "459901198903120219", "GU-1-B1"),
        Named("秦样例", "459901199708250223", "GU-1-B1", kind=PROBATIONARY),
        Named("尤样例", "459901197610050232", acts_for="GU-1"),
        Named("许样例", "459901199306300240", acts_for="GU-2"),
    ),
}
STRANGERS = (Named("孔样例", "429901198709090516"), Named("白样例", "139901199202290522"))
"""Nobody's members; the register does not know the second one."""
BY_NAME = {each.name: each for each in (*(each for named in OF_TREE.values() for each in named), *STRANGERS)}


def settle(world: World, profile: str) -> None:
    """Give every organisation its administrator, and every named person his branch, his role and his account."""
    named = OF_TREE[TREE_OF_PROFILE[profile]]
    staffed = set(_organisations_of(named, profile))
    with transaction():
        for code, chain in world.chains.items():
            if not chain[0].is_holding_node and code not in staffed:
                world.admins[code] = add_admin(world, chain)
    for each in named:
        account = _account(world, each)
        if each.acts_for and profile in each.profiles:
            org = world.chains[each.acts_for][0]
            with transaction():
                grant_role(account, admin_role(org.org_type), org_id=org.id)


def administrator(code: str, profile: str) -> str:
    """The log-in of whoever acts for an organisation: the person named first, else adm-CODE."""
    named = OF_TREE[TREE_OF_PROFILE[profile]]
    found = [each.id_number for each in named if each.acts_for == code and profile in each.profiles]
    return found[0] if found else f"adm-{code}"


def _organisations_of(named: tuple[Named, ...], profile: str) -> Iterator[str]:
    return (each.acts_for for each in named if profile in each.profiles)


def _account(world: World, person: Named) -> int:
    if not person.home:
        with transaction():
            return open_account(person.id_number, name=person.name, password=None, deployment=world.deployment)
    number = person.id_number
    actor = world.newcomer(
        person.home,
        name=person.name,
        id_number=number,
        sex=identity_numbers.sex(number),
        birth_date=identity_numbers.birth_date(number),
        kind=person.kind,
        status=person.status,
        is_graduate=person.is_graduate,
    )
    return actor.account_id
