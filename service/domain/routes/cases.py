"""What a transfer is asked for: origin, target, starter and what the user chose (requirements 4.2–4.3)."""

from dataclasses import dataclass

from service.domain.organisations.organisations import Chain
from service.domain.routes.varieties import DestinationKind, OutType, Variety


@dataclass(frozen=True, slots=True)
class RouteCase:
    """Everything the route procedure reads besides the profile.

    `origin` is None for an incoming transfer, `target` is None for one outside or off the tree,
    `starter` is up(s) of the acting organisation, None when the member applies himself.
    `has_cities`: whether the tree has a city committee at all (a municipality has none).
    """

    origin: Chain | None
    target: Chain | None
    starter: Chain | None
    destination_kind: DestinationKind | None = None
    variety: Variety | None = None
    out_type: OutType | None = None
    off_tree: bool = False
    is_graduate: bool = False
    has_cities: bool = True

    @property
    def is_incoming(self) -> bool:
        """Whether it is an incoming application."""
        return self.origin is None

    @property
    def is_nationwide(self) -> bool:
        """Whether the user wants to leave the province: he said where to, or chose that variety (R-071)."""
        return self.variety is Variety.OUT_OF_PROVINCE or self.destination_kind is not None

    @property
    def leaves_tree(self) -> bool:
        """Whether the user named a target that is not on the tree, in the province or outside it."""
        named = self.target is None and not self.is_incoming
        return named and (self.is_nationwide or self.off_tree)

    @property
    def is_off_tree_inside(self) -> bool:
        """Whether the target is inside the province but not on the tree (R-070, A-26)."""
        if self.target is not None or self.is_incoming:
            return False
        if self.variety in (Variety.INTRA_COUNTY, Variety.IN_PROVINCE):
            return self.off_tree
        return self.off_tree and not self.is_nationwide

    @property
    def home(self) -> Chain:
        """up(o); only for transfers that have an origin."""
        assert self.origin is not None
        return self.origin

    @property
    def starting(self) -> Chain:
        """up(s); when the member applies himself, s = o."""
        return self.starter if self.starter is not None else self.home
