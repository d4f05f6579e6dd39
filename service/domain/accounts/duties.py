"""Duties within an organisation (requirements 1.5); what right a duty confers is a matter of the profile (R-026, R-030)."""

from enum import StrEnum


class Duty(StrEnum):
    """Code names of the duties."""

    SECRETARY = "SECRETARY"
    DEPUTY_SECRETARY = "DEPUTY_SECRETARY"
    COMMITTEE_MEMBER = "COMMITTEE_MEMBER"


DUTY_TITLES = {
    Duty.SECRETARY: ("书记", "Secretary"),
    Duty.DEPUTY_SECRETARY: ("副书记", "Deputy secretary"),
    Duty.COMMITTEE_MEMBER: ("委员", "Committee member"),
}
"""In Chinese and English."""
