"""The date on which something happens: moments are UTC inside, dates are those of Asia/Shanghai."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")


def local_date(moment: datetime) -> date:
    """The date people write on that moment."""
    return moment.astimezone(ZONE).date()
