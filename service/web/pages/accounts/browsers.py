"""What a browser is called by people, instead of the line it tells of itself."""

_NAMES = (
    ("MicroMessenger", "微信"),
    ("HuaweiBrowser", "华为浏览器"),
    ("MiuiBrowser", "小米浏览器"),
    ("QQBrowser", "QQ 浏览器"),
    ("QIHU", "360 浏览器"),
    ("360SE", "360 浏览器"),
    ("UCBrowser", "UC 浏览器"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
"""Most also say Chrome or Safari, so those come last."""
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)
_LONGEST = 60


def browser_name(agent: str) -> str:
    """As `Chrome · Windows`; the beginning of the line where nothing in it is known, as of a program."""
    name = next((name for mark, name in _NAMES if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return " · ".join(filter(None, (name, system))) if name else agent[:_LONGEST]
