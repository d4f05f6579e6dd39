"""The language of a page: Chinese as it stands in the templates, English from the catalogue (R-222).

The Chinese sentence is the key. A test proves that each one of the pages has its English.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Protocol

from flask import g, request

CHINESE, ENGLISH = "zh", "en"
COOKIE = "zhuanjie_language"


class Bilingual(Protocol):
    """Anything that says itself in both languages, as refusals do."""

    @property
    def message_zh(self) -> str: ...
    @property
    def message_en(self) -> str: ...


def language() -> str:
    """The language of this request: what the person chose, Chinese unless he did."""
    if "language" not in g:
        g.language = ENGLISH if request.cookies.get(COOKIE) == ENGLISH else CHINESE
    return str(g.language)


def t(chinese: str, **values: object) -> str:
    """A sentence of the pages in the language of this request, with values filled in."""
    text = chinese if language() == CHINESE else catalogue()[chinese]
    return text.format(**values) if values else text


def said(chinese: str, english: str) -> str:
    """Choose between two texts that came together, as the titles of a form do."""
    return english if language() == ENGLISH and english else chinese


def sentence(of: Bilingual) -> str:
    """The sentence of a refusal."""
    return said(of.message_zh, of.message_en)


@cache
def catalogue() -> Mapping[str, str]:
    """English by Chinese."""
    text = resources.files("service.web").joinpath("translations", "en.json").read_text(encoding="utf-8")
    known: dict[str, str] = json.loads(text)
    return known
