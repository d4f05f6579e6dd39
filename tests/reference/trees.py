"""Reference trees T1, T2 and T3 (requirements 4.1), as indented text: code, name, type, level, scope, marks."""

from collections.abc import Iterator

from service.domain.organisations.organisations import AuthorityLevel, Chain, Organisation, OrgType, Scope, UnitKind

T1 = """
P 云东省委 LOCAL PROVINCIAL_COMMITTEE NATIONAL
 PD1 云东省直机关工委 WORKING PROVINCIAL_DIRECT NATIONAL
  PD1-C 云东省林草厅机关党委 PRIMARY FIRST_LEVEL PROVINCE
   PD1-C-B1 林草厅第一党支部
   PD1-C-B2 林草厅第二党支部
 PD2 云东省委教育工委 WORKING PROVINCIAL_DIRECT NATIONAL
  U 云东大学党委 PRIMARY FIRST_LEVEL PROVINCE
   U-G1 文学院党总支 GENERAL BELOW_FIRST NONE
    U-G1-B1 文学院第一党支部
    U-G1-B2 文学院第二党支部
   U-G2 理学院党总支 GENERAL BELOW_FIRST NONE T-
    U-G2-B1 理学院第一党支部
    U-G2-B2 理学院第二党支部
 CA 青石市委 LOCAL CITY_COMMITTEE NATIONAL AUTO
  CA-D 青石市直机关工委 WORKING CITY_DIRECT PROVINCE
   CA-D-C 青石市档案局机关党委 PRIMARY FIRST_LEVEL COUNTY
    CA-D-C-B1 市档案局第一党支部
  A1 东岭县委 LOCAL COUNTY_COMMITTEE NATIONAL AUTO
   A1-T1 柳溪镇党委 PRIMARY FIRST_LEVEL COUNTY TOWNSHIP AUTO
    A1-T1-G 柳溪镇企业党总支 GENERAL BELOW_FIRST NONE T-
     A1-T1-G-B1 柳溪砖厂党支部
    A1-T1-B1 柳溪村党支部
    A1-T1-B2 桥头村党支部
   A1-T2 白塔乡党委 PRIMARY FIRST_LEVEL COUNTY TOWNSHIP
    A1-T2-G 白塔乡机关党总支 GENERAL BELOW_FIRST NONE
     A1-T2-G-B1 白塔乡机关党支部
    A1-T2-B1 白塔村党支部
   A1-D 东岭县直机关工委 WORKING FIRST_LEVEL COUNTY DIRECT_UNIT
    A1-D-B1 县档案馆党支部
  A2 西河县委 LOCAL COUNTY_COMMITTEE NATIONAL
   A2-T1 河口镇党委 PRIMARY FIRST_LEVEL COUNTY TOWNSHIP
    A2-T1-B1 河口村党支部
   A2-T2 沙洲乡党委 PRIMARY - COUNTY TOWNSHIP
    A2-T2-B1 沙洲村党支部
 CB 红枫市委 LOCAL CITY_COMMITTEE NATIONAL
  B1 南浦区委 LOCAL COUNTY_COMMITTEE NATIONAL
   B1-S1 望江街道党工委 WORKING FIRST_LEVEL COUNTY STREET
    B1-S1-B1 望江社区党支部
 H-U 未知党组织 HOLDING_UNKNOWN - NONE T-
 H-O 省外组织 HOLDING_OUTSIDE - NONE T-
 H-T 临时党组织 HOLDING_TEMP - NONE T-
"""

T2 = """
XM 星海市委 LOCAL PROVINCIAL_COMMITTEE NATIONAL
 XM-E 星海市委教育工委 WORKING PROVINCIAL_DIRECT NATIONAL
  XU 星海大学党委 PRIMARY FIRST_LEVEL NATIONAL
   XU-C1 信息学院党委 SECOND FIRST_LEVEL NATIONAL
    XU-C1-B1 信息学院教工党支部
    XU-C1-B2 信息学院研究生党支部
    XU-C1-B3 信息学院本科生党支部
   XU-C2 经济学院党委 SECOND FIRST_LEVEL NATIONAL
    XU-C2-B1 经济学院教工党支部
   XU-G1 体育部党总支 GENERAL BELOW_FIRST NONE
    XU-G1-B1 体育部教师党支部
    XU-G1-B2 体育部学生党支部
   XU-DB 图书馆直属党支部 DIRECT_BRANCH BELOW_FIRST NONE
 XA 安宁区委 LOCAL COUNTY_COMMITTEE NATIONAL
  XA-S1 槐树街道党工委 WORKING FIRST_LEVEL NATIONAL STREET
   XA-S1-B1 槐树社区党支部
"""

T3 = """
R 桂岭自治区党委 LOCAL PROVINCIAL_COMMITTEE NATIONAL
 RE 自治区党委教育工委 WORKING PROVINCIAL_DIRECT NATIONAL
  GU 桂岭师范大学党委 PRIMARY FIRST_LEVEL NATIONAL
   GU-1 文学院党委 SECOND FIRST_LEVEL PROVINCE
    GU-1-B1 文学院本科生党支部
    GU-1-B2 文学院教工党支部
   GU-2 离退休工作党委 SECOND FIRST_LEVEL PROVINCE
    GU-2-B1 离退休第一党支部
   GU-3 图书馆党总支 GENERAL BELOW_FIRST COUNTY
    GU-3-B1 图书馆党支部
 RC 平远市委 LOCAL CITY_COMMITTEE NATIONAL
  RC1 松山县委 LOCAL COUNTY_COMMITTEE NATIONAL
   RC1-T 石桥镇党委 PRIMARY FIRST_LEVEL COUNTY TOWNSHIP
    RC1-T-B1 石桥村党支部
"""

TREES = {"T1": T1, "T2": T2, "T3": T3}
TREE_OF_PROFILE = {
    "shandong": "T1",
    "fujian": "T1",
    "default": "T1",
    "beijing": "T2",
    "beijing-cuc": "T2",
    "national": "T3",
}

_TYPES = {
    "LOCAL": OrgType.LOCAL_COMMITTEE,
    "WORKING": OrgType.WORKING_COMMITTEE,
    "PRIMARY": OrgType.PRIMARY_COMMITTEE,
    "SECOND": OrgType.SECOND_LEVEL_COMMITTEE,
    "GENERAL": OrgType.GENERAL_BRANCH,
}


def rows(tree: str) -> Iterator[tuple[Organisation, str | None]]:
    """Yield each organisation with the code of its superior, parents first; ids count from 1."""
    above: list[str] = []
    for number, line in enumerate(tree.strip("\n").splitlines(), start=1):
        depth = len(line) - len(line.lstrip(" "))
        org = _organisation(number, line.split())
        del above[depth:]
        yield org, above[-1] if above else None
        above.append(org.code)


def chains(tree: str) -> dict[str, Chain]:
    """Map each code to up(x)."""
    found: dict[str, Chain] = {}
    for org, parent in rows(tree):
        found[org.code] = (org, *(found[parent] if parent else ()))
    return found


def _organisation(number: int, words: list[str]) -> Organisation:
    code, name, *rest = words
    if not rest:
        return Organisation(
            id=number,
            code=code,
            name=name,
            org_type=OrgType.BRANCH,
            level=AuthorityLevel.BELOW_FIRST,
            letter_heading=name,
            has_seal=True,
        )
    kind, level, scope, *marks = rest
    unit = next((UnitKind(mark) for mark in marks if mark in set(UnitKind)), UnitKind.OTHER)
    return Organisation(
        id=number,
        code=code,
        name=name,
        org_type=_TYPES[kind] if kind in _TYPES else OrgType(kind),
        level=None if level == "-" else AuthorityLevel(level),
        scope=Scope[scope],
        can_transfer="T-" not in marks,
        auto_approve_children="AUTO" in marks,
        unit_kind=unit,
        letter_heading=name,
        has_seal=True,
    )
