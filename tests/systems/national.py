"""What both halves of the national manual start with: one member, three ways to send him."""

from tests.systems.playing import Person, System, outside
from tests.systems.seen import Seen

OFF_TREE = "中共样例市委组织部"
CAMPUS, PROVINCE, NATION = "INTRA_COUNTY", "IN_PROVINCE", "OUT_OF_PROVINCE"
RECEIVED = {"transfer_in_date": "2019-04-15", "telephone": "0770-1234567", "remark": "已报到"}
BOXES = {"reported": True, "reviewed": True}


def to_campus(you: Person, **answers: object) -> Seen:
    return you.starts("朱样例", "GU-2", **{"variety": CAMPUS, **answers})


def to_province(you: Person, **answers: object) -> Seen:
    return you.starts("朱样例", "RC1-T", **{"variety": PROVINCE, **answers})


def nationwide(you: Person, name: str = "朱样例", **answers: object) -> Seen:
    return you.starts(name, outside(OFF_TREE), **{"variety": NATION, **answers})


def received(system: System, seen: Seen) -> Seen:
    system.person("许样例").does("receive", seen, branch="GU-2-B1", **RECEIVED, **BOXES)
    return seen
