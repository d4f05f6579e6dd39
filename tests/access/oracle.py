"""Who may do what, told a second time from requirements 1.5, 2.2, 2.3 and 2.23 alone: the service's rules are not asked.

What is out of sight is 404, what is in sight but not his to act on is 403, without a log-in all but the public is 401.
"""

from collections.abc import Mapping
from dataclasses import dataclass

LET_THROUGH, NOT_HIS, OUT_OF_SIGHT = 200, 403, 404
OFFICES = {"BRANCH_ADMIN", "COMMITTEE_ADMIN", "LOCAL_ADMIN", "LIAISON"}
Up = Mapping[str, tuple[str, ...]]
"""Codes from an organisation to the root, itself first."""


@dataclass(frozen=True, slots=True)
class Who:
    """Who asks: role "" is nobody, `org` the code he acts for, `member` his own key as a member."""

    name: str
    role: str
    org: str = ""
    member: int = 0
    is_local: bool = False


@dataclass(frozen=True, slots=True)
class Thing:
    """What is asked for: an organisation, a member with his branch, or a transfer with who takes part in it."""

    name: str
    org: str = ""
    member: int = 0
    ends: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    holder: str = ""


NOTHING = Thing("nothing")


def is_official(who: Who) -> bool:
    """Whoever decides does so for an organisation; a role for none is no office."""
    return who.role in OFFICES and bool(who.org)


def expected(rule: str, who: Who, thing: Thing, up: Up) -> int:
    """The status of the answer; 200 stands for whatever is not a matter of access."""
    if rule == "public":
        return 200
    if not who.role:
        return 401
    concern, _, act = rule.partition(".")
    return _CONCERNS[concern](act, who, thing, up)


def _own(act: str, who: Who, _thing: Thing, _up: Up) -> int:
    official = is_official(who)
    may = {
        "session": True,
        "change": who.role != "AUDITOR",
        "office": official,
        "start": official or (who.role == "MEMBER" and who.member > 0),
        "incoming": who.is_local,
        "primary": official and not who.is_local,
        "system": who.role == "SYSTEM_ADMIN",
    }
    return 200 if may[act] else 403


def _organisation(act: str, who: Who, thing: Thing, up: Up) -> int:
    above = up[thing.org]
    reaches = is_official(who) and who.org in above
    if act in ("members", "records") and is_official(who) and not reaches:
        return 404
    near = above[:2] if who.is_local else above
    may = {
        "directory": True,
        "reach": reaches,
        "configure": who.role == "SYSTEM_ADMIN" or (reaches and who.org in near),
        "above": reaches and who.org != thing.org,
        "grant": is_official(who) and who.org == above[1],
        "members": reaches,
        "records": reaches and who.role != "BRANCH_ADMIN",
        "officer": False,
        "move": reaches and who.org in up["A2"],
        "branch": reaches and "-B" in thing.org,
    }
    return 200 if may[act] else 403


def _member(act: str, who: Who, thing: Thing, up: Up) -> int:
    official, reaches = is_official(who), who.org in up[thing.org]
    if act == "see":
        return 200 if reaches or who.member == thing.member else 404
    if act in ("portrait", "picture") and who.member == thing.member:
        return 200
    if act in ("record", "picture", "keep", "portrait"):
        if not official or not reaches:
            return 404 if official else 403
        return 200 if act in ("record", "picture") or who.role != "BRANCH_ADMIN" else 403
    if not reaches:
        return 404
    return 200 if official and (act == "account" or who.org == thing.org) else 403


def _transfer(act: str, who: Who, thing: Thing, up: Up) -> int:
    official, is_his = is_official(who), who.member == thing.member
    takes_part = is_his or (official and who.org in thing.parties)
    stands_above = any(who.org in up[each] for each in (thing.ends if official else thing.parties))
    sees = takes_part or ((official or who.role == "AUDITOR") and stands_above)
    if not sees:
        return 404
    holds = official and who.org == thing.holder
    is_over = not thing.holder and (official or is_his)  # then they are told so
    may = {
        "see": True,
        "display": who.role != "AUDITOR",
        "party": takes_part,
        "decide": holds or is_over,
        "again": holds or is_his or is_over,
        "receipt": False,
    }
    return 200 if may[act] else 403


def _change(act: str, who: Who, thing: Thing, up: Up) -> int:
    official, applicant = is_official(who), thing.parties[0]
    if not official or who.org not in (applicant, thing.holder, *up[thing.org]):
        return 404
    may = {"see": True, "decide": who.org == thing.holder, "withdraw": who.org == applicant}
    return 200 if may[act] else 403


_CONCERNS = {
    "own": _own,
    "organisation": _organisation,
    "member": _member,
    "transfer": _transfer,
    "letter": _transfer,
    "change": _change,
}
