"""What is known of who asks before he has said who he is, and what this deployment asks of him."""

from dataclasses import dataclass

from service.domain.accounts.certificates import Certificate


@dataclass(frozen=True, slots=True)
class Caller:
    """Address, program, tokens of devices that logged in before, and a certificate that the proxy vouches for."""

    address: str = "-"
    agent: str = ""
    devices: tuple[str, ...] = ()
    certificate: Certificate | None = None


@dataclass(frozen=True, slots=True)
class DoorRules:
    """What the settings ask: checks of strangers a minute in all, certificates as the profile wants them, second factor.

    `second_factor` is "offered" or "required" of administrators.
    """

    per_minute: int = 600
    certificates: bool = True
    second_factor: str = "offered"
