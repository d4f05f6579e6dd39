"""What a script function may read: the transfer, the chains it was planned on, the profile, the decision.

A context is immutable. After each call it is replaced by the one that knows the effects, so that the next
function of the same step sees them. Everything in it is stored, by content hash, with the transfer.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256

from service.domain.organisations import tree
from service.domain.organisations.organisations import Chain, Organisation, OrgRef
from service.domain.plain import canonical, canonical_of, plain
from service.domain.profile import Profile
from service.domain.routes.cases import RouteCase
from service.domain.routes.varieties import DestinationKind, OutType, Variety
from service.domain.transfers import effects
from service.domain.transfers.actions import Action
from service.domain.transfers.effects import Effect
from service.domain.transfers.transfers import Transfer


@dataclass(frozen=True)
class Lineage:
    """up(o), up(t) and up(s) as they were when the route was planned (R-020); stored by content hash.

    `former` holds the chains that a change of target or the choice of a branch left behind, so that every
    organisation of the route stays known.
    """

    origin: Chain | None
    target: Chain | None
    starter: Chain | None
    has_cities: bool = True
    former: tuple[Chain, ...] = ()

    @cached_property
    def digest(self) -> str:
        """Content hash; kept with the value, as each step asks for it several times."""
        return sha256(canonical_of(self).encode()).hexdigest()

    def chain(self, code: str) -> Chain:
        """up(x) of an organisation that lies on one of the chains, () when it lies on none."""
        for known in (self.target, self.origin, self.starter, *self.former):
            if known and any(org.code == code for org in known):
                return tree.onwards(known, start=next(o for o in known if o.code == code))
        return ()

    def with_target(self, target: Chain | None) -> "Lineage":
        """The lineage after the target has changed."""
        former = (*self.former, self.target) if self.target else self.former
        return replace(self, target=target, former=former)

    def with_branch(self, branch: Chain) -> "Lineage":
        """The lineage after a branch was chosen for the member."""
        return self if self.chain(branch[0].code) else replace(self, former=(*self.former, branch))


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided, as far as the functions need it; reasons and opinions stay in the record.

    `target` and `branch` are up(x) of organisations chosen with the decision; `target_text` is typed; `out_type` is
    the category chosen with an approval (R-093).
    """

    action: Action
    by: OrgRef | None = None
    validity_days: int | None = None
    target: Chain | None = None
    target_text: str = ""
    branch: Chain | None = None
    out_type: OutType | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """The read-only surroundings of one step."""

    transfer: Transfer
    lineage: Lineage
    profile: Profile
    profile_digest: str
    decision: Decision
    is_graduate: bool = False
    destination_kind: DestinationKind | None = None

    @property
    def case(self) -> RouteCase:
        """The case the transfer was submitted with."""
        transfer, lineage = self.transfer, self.lineage
        return RouteCase(
            origin=lineage.origin,
            target=lineage.target,
            starter=lineage.starter,
            destination_kind=self.destination_kind,
            variety=None if transfer.variety is Variety.INCOMING else transfer.variety,
            out_type=transfer.out_type,
            off_tree=transfer.target.org is None,
            is_graduate=self.is_graduate,
            has_cities=lineage.has_cities,
        )

    def organisation(self, ref: OrgRef) -> Organisation:
        """The organisation as it was when the route was planned, or as this decision names it with a new target."""
        chains = (self.lineage.chain(ref.code), self.decision.target or (), self.decision.branch or ())
        return next(org for chain in chains for org in chain if org.code == ref.code)

    @property
    def holder(self) -> Organisation | None:
        """The organisation of the current hop; None while the applicant has it in hand."""
        org = self.transfer.hop.org
        return self.organisation(org) if org else None

    def after(self, caused: Iterable[Effect]) -> "Context":
        """The context in which the effects have happened."""
        transfer = self.transfer
        for effect in caused:
            transfer = effects.apply(effect, transfer)
        return self if transfer is self.transfer else replace(self, transfer=transfer)

    def digest(self) -> str:
        """Content hash of everything in it."""
        parts = (
            _transfer_text(self.transfer),
            self.lineage.digest,
            self.profile_digest,
            canonical_of(self.decision),
            str(self.is_graduate),
            str(self.destination_kind),
        )
        return sha256("\n".join(parts).encode()).hexdigest()


def _transfer_text(transfer: Transfer) -> str:
    # Hops recur from step to step: their texts are remembered one by one, the whole never recurs.
    hops = ",".join(canonical_of(hop) for hop in transfer.hops)
    return f"{canonical(plain(replace(transfer, hops=())))}[{hops}]"
