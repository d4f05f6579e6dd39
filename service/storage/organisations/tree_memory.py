"""What this process remembers of the organisation tree, so that a chain costs one query and mostly none.

The tree changes rarely. Each change gives it another version; a memory holds for one version of one database and is
thrown away as a whole, never corrected.
"""

from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from service.domain.organisations.organisations import Chain, Organisation

SUPERIORS = 50_000
CHAINS = 20_000


class TreeMemory:
    """Chains by code and superiors by id; safe to share between threads, as each entry is written once."""

    def __init__(self, engine: sa.Engine | None, version: int, *, has_cities: bool = True) -> None:
        self._engine = engine
        self._version = version
        self.has_cities = has_cities
        self.chains: dict[str, Chain] = {}
        self.superiors: dict[int, Organisation] = {}

    def is_of(self, engine: sa.Engine, version: int) -> bool:
        """Whether it tells of this version of the tree in this database."""
        return self._engine is engine and self._version == version

    def known(self, codes: Iterable[str]) -> dict[str, Chain]:
        """The chains it remembers."""
        found = ((code, self.chains.get(code)) for code in codes)
        return {code: chain for code, chain in found if chain}

    def remember(self, chains: Mapping[str, Chain]) -> None:
        """Keep chains and their superiors; what is full begins anew (superiors recur, leaves hardly do)."""
        if len(self.chains) + len(chains) > CHAINS:
            self.chains = {}
        if len(self.superiors) > SUPERIORS:
            self.superiors = {}
        self.chains.update(chains)
        for chain in chains.values():
            self.superiors.update({org.id: org for org in chain[1:]})
