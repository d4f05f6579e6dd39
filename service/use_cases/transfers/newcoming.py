"""Looks up whoever comes in from outside, and asks the register about him, before anything is written (R-138–R-141)."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.domain import attachments as attachment_rules
from service.domain.applying import newcomers, prefilled
from service.domain.applying.newcomers import Known, Standing
from service.domain.attachments import AttachmentKind
from service.domain.errors import Refused
from service.domain.members import identity_numbers, real_names
from service.domain.members.real_names import Review, Verdict
from service.storage.members import members
from service.storage.members.members import Person
from service.storage.organisations import organisations
from service.storage.transfers import transfers
from service.storage.transfers.attachments import Attachment
from service.use_cases.transfers import asking, attaching
from service.use_cases.transfers.opening import Opened

Answers = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who may come in: how he stands, his entry if there is one, what was uploaded for him.

    `is_reviewed`: whether his identity rests on a review by hand.
    """

    standing: Standing
    person: Person | None
    attached: tuple[Attachment, ...] = ()
    verdict: Verdict | None = None
    is_reviewed: bool = False

    @property
    def values(self) -> prefilled.Values:
        """What is taken from his entry and cannot be typed otherwise."""
        return prefilled.of_claimed(self.person.member) if self.person and self.standing is Standing.HELD else {}


def look_up(answers: Answers, opened: Opened) -> Newcomer:
    """Find whom the number belongs to, inside a change or a reading.

    Refuses E_EXCHANGE_DISABLED, E_ID_FORMAT, E_ID_CHECKSUM, and as `newcomers.stand` and `newcomers.check_claim`. A
    number that is missing is named with the other fields of the form.
    """
    newcomers.require_no_exchange(answers, opened.profile)
    person = _find(answers, opened)
    known = _known(person) if person else None
    standing = newcomers.stand(known, opened.actor, opened.profile)
    if answers.get("id_number"):
        name, claims = str(answers.get("name") or "").strip(), asking.is_true(answers.get("claim_back"))
        newcomers.check_claim(known, standing, name=name, claims=claims)
    return Newcomer(standing, None if standing is Standing.UNKNOWN else person)


def ask_register(answers: Answers, newcomer: Newcomer, opened: Opened) -> Verdict | None:
    """Ask about name and number; None where the profile does not ask, or where one of them is missing still.

    Never inside a change: the register may take seconds.
    """
    number = str(answers.get("id_number") or "").strip().upper()
    name = str(newcomer.values.get("name") or answers.get("name") or "").strip()
    if opened.profile.choice("incoming.id_check") != "real_name" or not name or not number:
        return None
    return opened.deployment.real_names(name, id_number=number)


def identify(answers: Answers, verdict: Verdict | None, opened: Opened) -> Newcomer:
    """Everything that is asked of the person, inside a change or a reading.

    Refuses as `look_up`, E_FIELD_INVALID and E_ACTION_NOT_ALLOWED for uploads, and as `real_names.settle`.
    """
    found = look_up(answers, opened)
    permitted = attachment_rules.kinds_of_start(opened.profile, is_incoming=True)
    attached = attaching.find_loose(attaching.named(answers), actor=opened.actor, permitted=permitted)
    is_reviewed = False
    if verdict is not None:
        review = Review(
            is_wanted=asking.is_true(answers.get("manual_review")),
            has_photo=attaching.has_kind(attached, AttachmentKind.ID_CARD_PHOTO),
            is_confirmed=asking.is_true(answers.get("identity_checked")),
        )
        is_reviewed = real_names.settle(verdict, review)
    return Newcomer(found.standing, found.person, attached, verdict, is_reviewed)


def require_asked(newcomer: Newcomer, opened: Opened) -> None:
    """Refuse E_REAL_NAME_FAILED where the register should have been asked and was not."""
    if opened.profile.choice("incoming.id_check") == "real_name" and newcomer.verdict is None:
        raise Refused("E_REAL_NAME_FAILED", field="manual_review")


def _find(answers: Answers, opened: Opened) -> Person | None:
    given = str(answers.get("id_number") or "").strip()
    if not given:
        return None
    number = identity_numbers.parse(given, today=opened.today)
    return next(iter(members.by_id_number(number, opened.deployment.vault)), None)


def _known(person: Person) -> Known:
    home = organisations.chain(person.branch_code) if person.branch_code else ()
    unfinished = transfers.unfinished_of(person.member.id)
    other = transfers.get(unfinished).transfer if unfinished is not None else None
    return Known(person.member, home[0] if home else None, other)
