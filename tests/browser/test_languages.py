"""Both languages are complete: each Chinese sentence of the pages has its English, and none stands beside the catalogue."""

import re

from service.domain.accounts.roles import Role
from service.domain.letters.letters import LetterState
from service.domain.members.members import MemberKind, Sex
from service.domain.routes.hops import STEPS as DOMAIN_STEPS
from service.domain.routes.hops import HopRole, HopState, Side
from service.domain.routes.varieties import Variety
from service.domain.transfers.transfers import Cause, TransferState
from service.web.pages.language import catalogue
from service.web.pages.titles import STEPS, TITLES
from tests.architecture.sources import ROOT

WEB = ROOT / "service/web"
_SENTENCE = re.compile(r"""\bt\((["'])(.+?)\1""")
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_WORDLESS = {"中文"}  # the name of the language itself


def sentences():
    files = [*(WEB / "templates").rglob("*.html"), *(WEB / "pages").rglob("*.py")]
    return {found[1] for path in files for found in _SENTENCE.findall(path.read_text(encoding="utf-8"))}


def test_each_sentence_has_its_english_and_no_english_is_left_over():
    assert sentences() == set(catalogue())


def test_both_languages_are_filled_with_the_same_values():
    names = {zh: (re.findall(r"{\w+}", zh), re.findall(r"{\w+}", en)) for zh, en in catalogue().items()}
    assert {zh for zh, (one, other) in names.items() if set(one) != set(other)} == set()


def test_no_chinese_stands_in_a_template_outside_the_catalogue():
    left = {
        path.name: sorted(rest)
        for path in (WEB / "templates").rglob("*.html")
        if (rest := set(_HAN.findall(_SENTENCE.sub("", path.read_text(encoding="utf-8")))) - _WORDLESS)
    }
    assert left == {}


def test_every_code_name_that_a_page_shows_has_a_title():
    kinds = (Variety, TransferState, Cause, HopRole, HopState, Side, LetterState, MemberKind, Sex, Role)
    untitled = {each for kind in kinds for each in kind if each not in TITLES}
    assert untitled - {HopState.PENDING} == set()
    assert set(STEPS) == set(DOMAIN_STEPS)
