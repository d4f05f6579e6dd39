"""What must hold whatever is played, kept by hand: where each member is, which transfers stand, which have ended.

It knows none of the rules of transferring. It believes an accepted answer about its own transfer only, and only as
far as these sentences permit:

* an accepted request makes one transfer, or moves one transfer by one version; nothing else moves;
* an ended transfer never moves again; nobody has two transfers under way;
* a member stands in exactly one branch, or has left; he moves only with his own transfer;
* as long as it is under way he is where he began, or in the branch it names, or gone with a letter to the outside;
* who has left comes back to the branch he left, by being retrieved, and by nothing else;
* made void means he is where he began, revoked that he stays where he is, completed that he is in the branch it
  names, or gone; who comes in has no outgoing type.
"""

from dataclasses import dataclass, field, replace

from service.domain.transfers.transfers import Transfer

ENDED = frozenset({"COMPLETED", "VOIDED", "REVOKED"})
LEFT = "HIST_TRANSFERRED_OUT"
WAITING_OUTSIDE = frozenset({"AWAITING_RECEIPT", "AWAITING_OUTSIDE_CONFIRMATION"})
Place = tuple[str | None, str]


@dataclass(frozen=True, slots=True)
class Known:
    """One transfer as the model knows it; `home` is where its member was when it began."""

    member: int
    home: Place
    version: int
    state: str

    @property
    def is_ended(self) -> bool:
        """Whether it never moves again."""
        return self.state in ENDED


@dataclass(slots=True)
class Model:
    """Everything that was accepted so far; `branches` are the codes of the tree at which a member may stand."""

    branches: frozenset[str]
    holding: frozenset[str]
    places: dict[int, Place]
    transfers: dict[int, Known] = field(default_factory=dict)

    def begin(self, transfer_id: int, transfer: Transfer, version: int, places: dict[int, Place]) -> None:
        """A request to start was accepted."""
        assert transfer_id not in self.transfers, "a transfer began twice"
        member = transfer.member_id
        busy = [each for each in self.transfers.values() if each.member == member and not each.is_ended]
        assert not busy, "a member has two transfers under way"
        # Who came from outside and was not known stands where he was put when he was registered.
        home = self.places.get(member) or places[member]
        assert member in self.places or home[1] == "PROVISIONAL", "somebody unknown appeared"
        assert version == 1
        self.places.setdefault(member, home)
        self.transfers[transfer_id] = Known(member, home, 0, "DRAFT")
        self.move(transfer_id, transfer, version, places)

    def move(self, transfer_id: int, transfer: Transfer, version: int, places: dict[int, Place]) -> None:
        """A decision was accepted."""
        known = self.transfers[transfer_id]
        assert not known.is_ended, "an ended transfer moved"
        assert version == known.version + 1, f"version {known.version} became {version}"
        known = replace(known, version=version, state=transfer.state.value)
        self.transfers[transfer_id] = known
        found = places[known.member]
        assert found in permitted(known, transfer, self.places[known.member]), f"{found} after {transfer}"
        assert transfer.origin is not None or transfer.out_type is None, f"an outgoing type in {transfer}"
        self.places[known.member] = found

    def take_back(self, member: int, transfer_id: int, places: dict[int, Place]) -> None:
        """A member was retrieved: he is where he left, and the transfer by which he left stays as it was."""
        known = self.transfers[transfer_id]
        assert (known.member, known.state) == (member, "COMPLETED")
        code, status = self.places[member]
        assert status == LEFT, "somebody was taken back who had not left"
        assert places[member] == (code, "ACTIVE")
        self.places[member] = places[member]

    def agree(self, versions: dict[int, tuple[int, str]], places: dict[int, Place]) -> None:
        """Nothing moved but what was accepted."""
        assert versions == {key: (known.version, known.state) for key, known in self.transfers.items()}
        assert places == self.places
        busy = {each.member for each in self.transfers.values() if not each.is_ended}
        for member, (code, status) in places.items():
            assert status in ("ACTIVE", "PROVISIONAL", LEFT), f"member {member} is {status}"
            if status == "ACTIVE":
                assert code in self.branches, f"member {member} stands in {code}"
            if status == "PROVISIONAL":
                assert code in self.holding or code is None
                assert member in busy or self._was_given_up(member)

    def _was_given_up(self, member: int) -> bool:
        return all(each.state != "COMPLETED" for each in self.transfers.values() if each.member == member)


def permitted(known: Known, transfer: Transfer, before: Place) -> frozenset[Place]:
    """Where the member may stand now; `before` is where he stood until this decision."""
    home: Place = known.home
    gone: Place = (home[0], LEFT)
    chosen = transfer.branch or transfer.target.org
    arrived: Place = (chosen.code if chosen else None, "ACTIVE")
    if known.state == "REVOKED":
        return frozenset({before})
    if known.state == "VOIDED":
        return frozenset({home})
    if transfer.is_outside:
        return frozenset(
            {gone} if known.state == "COMPLETED" else {home, gone} if known.state in WAITING_OUTSIDE else {home}
        )
    if known.state == "COMPLETED":
        return frozenset({arrived})
    return frozenset({home, arrived} if known.state == "AWAITING_REPORT_IN" else {home})
