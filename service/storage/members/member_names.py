"""The first letters of a person's name, by which he is searched; surnames are read as surnames."""

from functools import lru_cache

from service.storage import pinyin

_SURNAMES = {
    "单": "s", "解": "x", "仇": "q", "朴": "p", "查": "z", "曾": "z", "区": "o", "盖": "g", "乐": "y", "翟": "z",
    "缪": "m", "尹": "y", "冼": "x", "折": "s", "覃": "q", "种": "c", "秘": "b", "员": "y", "黑": "h", "逄": "p",
    "长孙": "zs", "尉迟": "yc", "万俟": "mq", "单于": "cy", "澹台": "tt", "𠮷": "j", "㛃": "j", "䶮": "y",
}  # fmt: skip
_LONGEST = 2


@lru_cache(maxsize=65_536)
def initials(name: str) -> str:
    """The first letter of each character, in lower case: 单样例 is syl; the middle dot and all else goes."""
    for length in range(_LONGEST, 0, -1):
        read = _SURNAMES.get(name[:length])
        if read is not None:
            return read + pinyin.initials(name[length:])
    return pinyin.initials(name)
