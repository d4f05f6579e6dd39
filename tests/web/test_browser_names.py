"""A list of devices is read by people."""

import pytest

from service.web.pages.accounts.browsers import browser_name

_WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36"
_IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 MicroMessenger/8.0"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (_WINDOWS, "Chrome · Windows"),
        (f"{_WINDOWS} Edg/120.0", "Edge · Windows"),
        (_IPHONE, "微信 · iPhone"),
        ("python-requests/2.31", "python-requests/2.31"),
        ("", ""),
    ],
)
def test_a_device_bears_the_name_that_its_owner_knows(agent: str, name: str) -> None:
    assert browser_name(agent) == name
