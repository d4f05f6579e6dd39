"""Where somebody comes from, as it is chosen: province, city and county, and the name of his branch (R-142)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.domain.errors import FieldError
from service.domain.profile import Profile
from service.domain.routes.varieties import InType

PROVINCES = (
    "北京市", "天津市", "河北省", "山西省", "内蒙古自治区", "辽宁省", "吉林省", "黑龙江省", "上海市", "江苏省", "浙江省",
    "安徽省", "福建省", "江西省", "山东省", "河南省", "湖北省", "湖南省", "广东省", "广西壮族自治区", "海南省", "重庆市",
    "四川省", "贵州省", "云南省", "西藏自治区", "陕西省", "甘肃省", "青海省", "宁夏回族自治区", "新疆维吾尔自治区",
    "新疆生产建设兵团", "台湾省", "香港特别行政区", "澳门特别行政区",
)  # fmt: skip
"""What stands directly below the centre, in the order of the administrative codes."""
_BETWEEN, _BEHIND = "/", " "
_LEVELS_BELOW = 2


@dataclass(frozen=True, slots=True)
class Origin:
    """The branch outside from which somebody comes, and where it lies; below a municipality there is no city."""

    province: str = ""
    city: str = ""
    county: str = ""
    branch: str = ""

    @property
    def text(self) -> str:
        """As it stands in the application: 湖北省/样例市/样例县 样例村党支部."""
        region = _BETWEEN.join(each for each in (self.province, self.city, self.county) if each)
        return f"{region}{_BEHIND}{self.branch}".strip()


def parts(text: str) -> Origin:
    """An origin taken to pieces; what was typed in one piece counts as the name of the branch."""
    region, _, branch = text.partition(_BEHIND)
    province, *below = region.split(_BETWEEN)
    if province not in PROVINCES or len(below) > _LEVELS_BELOW:
        return Origin(branch=text)
    city, county = [""] * (_LEVELS_BELOW - len(below)) + below
    return Origin(province, city, county, branch.strip())


def faults(facts: Mapping[str, object], profile: Profile) -> Iterator[FieldError]:
    """E_FIELD_INVALID without a province in front, E_REQUIRED_FIELD without a branch behind it.

    Asked only where the profile lets choose the region, of who comes from another province.
    """
    text = str(facts.get("origin") or "").strip()
    elsewhere = str(facts.get("in_type") or InType.FROM_OTHER_PROVINCE) != InType.FROM_OTHER_PROVINCE
    if not text or elsewhere or not profile.flag("incoming.origin_by_region"):
        return
    province = next((each for each in PROVINCES if text.startswith(each)), "")
    found = parts(text)
    if not province:
        yield FieldError("E_FIELD_INVALID", "origin", zh="须写明省（区、市）", en="the province stands first")
    elif text == province or (found.province and not found.branch):
        yield FieldError("E_REQUIRED_FIELD", "origin", zh="须写明党支部", en="the branch is missing")
