"""Performs the effects that the script functions returned: letters, memberships, messages.

It runs inside the transaction of the change; what concerns the world outside becomes a row of the outbox.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import singledispatchmethod
from typing import Any

from service.domain.clock import local_date
from service.domain.letters.letters import LetterState, last_valid_day, number_scope
from service.domain.transfers import effects
from service.domain.transfers.context import Context
from service.storage.members import members
from service.storage.members.members import Person
from service.storage.messages import outbox
from service.storage.messages.outbox import Message
from service.storage.transfers import letters
from service.storage.transfers.letters import Letter
from service.storage.vault import Vault
from service.use_cases.letters.write_snapshot import committee_block, write_snapshot


@dataclass(slots=True)
class Performer:
    """Performs effects one after the other and remembers what they left behind.

    `context` is the one after the whole step: what letters say does not depend on where in the step they are
    written. `letter_id` and `valid_until` are those of the open letter; `numbers` maps a hop to the number of the letter
    written in it.
    """

    transfer_id: int
    context: Context
    person: Person
    application: Mapping[str, Any]
    vault: Vault
    now: datetime
    letter_id: int | None = None
    valid_until: date | None = None
    validity_days: int = 0
    reason: str = ""
    key: str = ""
    template_digest: str = ""
    numbers: dict[int, str] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)

    def perform(self, effect: effects.Effect) -> None:
        """Let one effect happen in the database."""
        self._perform(effect)

    def finish(self) -> None:
        """Store what is to be told to others."""
        outbox.add(self.messages, now=self.now)

    @singledispatchmethod
    def _perform(self, effect: object) -> None:
        """Most effects only change the transfer itself."""

    @_perform.register
    def _(self, effect: effects.LetterIssued) -> None:
        scope = number_scope(effect.issuer, self.context.profile)
        number = letters.next_number(scope, self.today)
        self.letter_id = letters.add(
            Letter(
                transfer_id=self.transfer_id,
                number_scope=scope,
                number=number,
                position=effect.position,
                issuer_id=effect.issuer.id,
                addressee_id=effect.addressee.id if effect.addressee else None,
                issued_at=self.now,
                validity_days=effect.validity_days,
                valid_until=last_valid_day(self.today, effect.validity_days),
                state=LetterState.DRAFT if effect.is_draft else LetterState.ISSUED,
                is_automatic=effect.is_automatic,
                snapshot_sealed=self._snapshot(
                    effect, number, effect.validity_days, committee_block(self.context, self.application), self.today
                ),
            )
        )
        self.valid_until = last_valid_day(self.today, effect.validity_days)
        self.numbers[effect.position] = number

    @_perform.register
    def _(self, effect: effects.LetterPassed) -> None:
        known = letters.get(self.letter_id or 0)
        if known is None:
            return
        # The block was read when the letter was written; to pass it on asks the database nothing more.
        block = self.vault.open(self.person.person_key, known.snapshot_sealed)["committee"]
        # A draft is issued when it is saved.
        issued_at = self.now if known.state is LetterState.DRAFT else known.issued_at
        issued_on, days = local_date(issued_at), effect.validity_days or known.validity_days
        self.valid_until = last_valid_day(issued_on, days)
        letters.correct(
            replace(
                known,
                position=effect.position,
                issuer_id=effect.issuer.id,
                addressee_id=effect.addressee.id if effect.addressee else None,
                issued_at=issued_at,
                validity_days=days,
                valid_until=self.valid_until,
                state=LetterState.ISSUED,
                snapshot_sealed=self._snapshot(effect, known.number, days, block, issued_on),
            )
        )
        self.numbers[effect.position] = known.number

    @_perform.register
    def _(self, effect: effects.LetterStateSet) -> None:
        if self.letter_id is None:
            return
        sealed = None
        if effect.state is LetterState.RETURNED and self.reason:
            sealed = self.vault.seal_text(self.person.person_key, self.reason)
        letters.set_state(self.letter_id, effect.state, return_reason_sealed=sealed)

    @_perform.register
    def _(self, effect: effects.LetterReturned) -> None:
        written = [each for each in letters.of_transfer(self.transfer_id) if each.position == effect.position]
        if not written:
            return
        self.letter_id, self.valid_until = written[-1].id, written[-1].valid_until
        self._perform(effects.LetterStateSet(LetterState.RETURNED))

    @_perform.register
    def _(self, effect: effects.MembershipMoved) -> None:
        member_id = self.person.member.id
        members.move(member_id, branch_id=effect.branch.id, transfer_id=self.transfer_id, on=self.today)
        self._tell("membership_moved", {"member": member_id, "branch": effect.branch.code})

    @_perform.register
    def _(self, _: effects.MembershipReturned) -> None:
        member_id = self.person.member.id
        members.move_back(member_id, transfer_id=self.transfer_id, on=self.today)
        self._tell("membership_returned", {"member": member_id})

    @_perform.register
    def _(self, _: effects.MembershipLeft) -> None:
        member_id = self.person.member.id
        members.leave(member_id, transfer_id=self.transfer_id, on=self.today)
        self._tell("membership_left", {"member": member_id})

    @_perform.register
    def _(self, effect: effects.NoticeWanted) -> None:
        self._tell("notice", {"about": effect.kind, "org": effect.org.code if effect.org else None})

    @property
    def today(self) -> date:
        """The date that is written on letters and records."""
        return local_date(self.now)

    def _tell(self, kind: str, payload: dict[str, Any]) -> None:
        number = len(self.messages) + 1
        key = f"{self.key}:{number}"
        self.messages.append(Message(key, kind, {"transfer": self.transfer_id, **payload}))

    def _snapshot(
        self,
        effect: effects.LetterIssued | effects.LetterPassed,
        number: str,
        days: int,
        committee: Mapping[str, str],
        issued_on: date,
    ) -> bytes:
        texts = write_snapshot(
            effect,
            number=number,
            validity_days=days,
            context=self.context,
            member=self.person.member,
            application=self.application,
            today=issued_on,
        )
        # A letter is drawn for ever with the template it was issued with.
        return self.vault.seal(
            self.person.person_key, {**texts, "committee": dict(committee), "template": self.template_digest}
        )
