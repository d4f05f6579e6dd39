"""What every use case works with: definitions, profile, engine and keys of this deployment (R-222)."""

from dataclasses import dataclass

from service.definitions.catalogue import Catalogue
from service.domain.members.real_names import Register, nobody
from service.domain.profile import Profile
from service.engine.runner import Engine
from service.storage.vault import Vault


@dataclass(frozen=True, slots=True)
class Deployment:
    """One deployment: one organisation tree, one profile; `real_names` asks the register about a person (R-141)."""

    catalogue: Catalogue
    engine: Engine
    vault: Vault
    real_names: Register = nobody

    @property
    def profile(self) -> Profile:
        """The profile in force for transfers that start now."""
        return self.catalogue.profile
