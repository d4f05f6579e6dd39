"""How often strangers may guess, and what they must show before (security: counters before hashing; R-021, R-033).

A device that logged in to the account before has a count of its own: nobody is locked out by what strangers try.
"""

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, ip_address

CHECKS_PER_ACCOUNT = 5
"""In one window. Any hour touches two windows at most: so ten checks of an account within any hour."""
WINDOW = timedelta(hours=1)
FAILURES_PER_ADDRESS = 50
ADDRESS_WINDOW = timedelta(minutes=15)
ALL_WINDOW = timedelta(minutes=1)
FAILURES_BEFORE_CAPTCHA = 3
CAPTCHAS_PER_ADDRESS = 60
"""Within the window of an address."""
EVERYBODY = "everybody"

SECOND_FACTOR_TRIES = 5
SECOND_FACTOR_WINDOW = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Limit:
    """So many attempts on one subject within one window."""

    subject: str
    most: int
    window: timedelta


def of_account(login_index: str) -> Limit:
    """What strangers may try on one account, known or not."""
    return Limit(f"account:{login_index}", CHECKS_PER_ACCOUNT, WINDOW)


def of_device(token_digest: str) -> Limit:
    """What a device may try on the account that it knows."""
    return Limit(f"device:{token_digest}", CHECKS_PER_ACCOUNT, WINDOW)


def of_address(address: str) -> Limit:
    """What may fail from one address, on whatever accounts."""
    return Limit(f"address:{neighbourhood(address)}", FAILURES_PER_ADDRESS, ADDRESS_WINDOW)


def of_all(per_minute: int) -> Limit:
    """What strangers may try in all: each check costs a tenth of a second of this machine."""
    return Limit(EVERYBODY, per_minute, ALL_WINDOW)


def of_captchas(address: str) -> Limit:
    """How many captchas are drawn for one address."""
    return Limit(f"captcha:{neighbourhood(address)}", CAPTCHAS_PER_ADDRESS, ADDRESS_WINDOW)


def of_second_factor(account_id: int) -> Limit:
    """What may be tried as second factor of an account."""
    return Limit(f"second:{account_id}", SECOND_FACTOR_TRIES, SECOND_FACTOR_WINDOW)


def neighbourhood(address: str) -> str:
    """An address as it is counted: of IPv6 the network of one house, who has one has 2 to the 64 of them."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address[:45]
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(IPv6Address(int(parsed) >> 64 << 64))
