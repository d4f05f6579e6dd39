"""The dozen log-ins of the demonstration: for whom they are, and the file that keeps their random passwords."""

import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from service.domain.accounts.roles import Role
from service.domain.profile import Profile

FILE = "demo_logins.json"
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without letters and digits that look alike."""
_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Seat:
    """Whom a log-in is for: an administrator of `org`, or its first member where `role` is MEMBER."""

    login: str
    title: str
    title_en: str
    role: Role
    org: str = ""


@dataclass(frozen=True, slots=True)
class LogIn:
    """A log-in as it is printed; `login` is the identity number where a member logs in (R-021)."""

    seat: str
    title: str
    title_en: str
    login: str
    password: str


HOME_BRANCH, HOME_STREET = "350102001001", "350102001"
AWAY_BRANCH, AWAY_TOWN, AWAY_COUNTY = "350121101001", "350121101", "350121"
STUDENT_BRANCH, DEPARTMENT, UNIVERSITY = "35-JY-1-G1-B2", "35-JY-1-G1", "35-JY-1"

SEATS = (
    Seat("member", "党员（鼓东街道中山社区）", "member of a community branch", Role.MEMBER, HOME_BRANCH),
    Seat("student", "党员（大学外语系）", "member of a student branch", Role.MEMBER, STUDENT_BRANCH),
    Seat("branch", "鼓东街道中山社区党支部", "community branch", Role.BRANCH_ADMIN, HOME_BRANCH),
    Seat("street", "鼓东街道党工委", "sub-district committee", Role.COMMITTEE_ADMIN, HOME_STREET),
    Seat("county", "鼓楼区委", "district committee", Role.LOCAL_ADMIN, "350102"),
    Seat("city", "福州市委", "city committee", Role.LOCAL_ADMIN, "3501"),
    Seat("branch-2", "白沙镇白沙社区党支部", "community branch elsewhere", Role.BRANCH_ADMIN, AWAY_BRANCH),
    Seat("town", "白沙镇党委", "township committee", Role.COMMITTEE_ADMIN, AWAY_TOWN),
    Seat("county-2", "闽侯县委", "county committee elsewhere", Role.LOCAL_ADMIN, AWAY_COUNTY),
    Seat("student-branch", "大学外语系学生党支部", "student branch", Role.BRANCH_ADMIN, STUDENT_BRANCH),
    Seat("department", "大学外语系党总支", "general branch", Role.GENERAL_BRANCH_ADMIN, DEPARTMENT),
    Seat("university", "福建样例大学党委", "university committee", Role.COMMITTEE_ADMIN, UNIVERSITY),
    Seat("organs", "福建省直机关工委", "provincial working committee", Role.COMMITTEE_ADMIN, "35-JG"),
    Seat("system", "系统管理员", "system administrator", Role.SYSTEM_ADMIN),
    Seat("auditor", "审计员", "auditor", Role.AUDITOR),
)


def role_in(seat: Seat, profile: Profile) -> Role:
    """The role that carries this seat's rights; where liaisons alone are administrators it is theirs (R-030)."""
    only_liaisons = profile.choices("admin.roles") == ("liaison",)
    return Role.LIAISON if only_liaisons and seat.org and seat.role is not Role.MEMBER else seat.role


def new_login(seat: Seat) -> LogIn:
    """A log-in with a random password that can be read out."""
    password = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    return LogIn(seat.login, seat.title, seat.title_en, seat.login, password)


@dataclass(frozen=True, slots=True)
class Kept:
    """What the data folder keeps of a demonstration: of which database, whether it is finished, its log-ins."""

    database: str
    is_finished: bool
    logins: tuple[LogIn, ...]


def read_kept(data: Path, *, database: str) -> Kept | None:
    """What is kept of the demonstration in this database, None where there is none."""
    file = data / FILE
    if not file.exists():
        return None
    known = json.loads(file.read_text("utf-8"))
    found = Kept(known["database"], known["is_finished"], tuple(LogIn(**entry) for entry in known["logins"]))
    return found if found.database == mark_of(database) else None


def keep(data: Path, kept: Kept) -> None:
    """Keep it, readable for the owner of the process alone."""
    text = json.dumps(asdict(kept), ensure_ascii=False, indent=1)
    handle = os.open(data / FILE, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text + "\n")


def mark_of(database: str) -> str:
    """By what a database is known again; its address may hold a password."""
    return sha256(database.encode()).hexdigest()[:16]


def as_table(logins: Sequence[LogIn]) -> str:
    """The log-ins as lines of text for the terminal."""
    width = max(len(each.login) for each in logins)
    return "\n".join(f"  {each.login:<{width}}  {each.password}  {each.title} / {each.title_en}" for each in logins)
