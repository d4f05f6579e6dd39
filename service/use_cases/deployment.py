"""What every use case works with: definitions, profile, engine and keys of this deployment (R-222)."""

from dataclasses import dataclass

from service.definitions.catalogue import Catalogue
from service.domain.profile import Profile
from service.engine.runner import Engine
from service.storage.vault import Vault


@dataclass(frozen=True, slots=True)
class Deployment:
    """One deployment: one organisation tree, one profile."""

    catalogue: Catalogue
    engine: Engine
    vault: Vault

    @property
    def profile(self) -> Profile:
        """The profile in force for transfers that start now."""
        return self.catalogue.profile
