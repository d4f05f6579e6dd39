"""The five varieties of transfer, their outgoing and incoming types (requirements 1.8, 1.10)."""

from enum import StrEnum


class Variety(StrEnum):
    """Which of the five diagrams carries the transfer."""

    INTRA_COUNTY = "INTRA_COUNTY"
    IN_PROVINCE = "IN_PROVINCE"
    OUT_OF_PROVINCE = "OUT_OF_PROVINCE"
    INCOMING = "INCOMING"
    INTERNAL = "INTERNAL"

    @property
    def process_id(self) -> str:
        """Id of the process in the diagram."""
        return _PROCESS_IDS[self]

    @property
    def zh(self) -> str:
        """What officials call it."""
        return _VARIETIES_ZH[self]


_PROCESS_IDS = {
    Variety.INTRA_COUNTY: "transfer_intra_county",
    Variety.IN_PROVINCE: "transfer_in_province",
    Variety.OUT_OF_PROVINCE: "transfer_out_of_province",
    Variety.INCOMING: "transfer_incoming",
    Variety.INTERNAL: "transfer_internal",
}


class OutType(StrEnum):
    """Twelve outgoing types, in the order of requirements 1.10."""

    OTHER_CITY = "OTHER_CITY"
    PROVINCE_DIRECT_UNIT = "PROVINCE_DIRECT_UNIT"
    OTHER_COUNTY_SAME_CITY = "OTHER_COUNTY_SAME_CITY"
    CITY_DIRECT_UNIT = "CITY_DIRECT_UNIT"
    OTHER_TOWNSHIP_SAME_COUNTY = "OTHER_TOWNSHIP_SAME_COUNTY"
    COUNTY_DIRECT_UNIT = "COUNTY_DIRECT_UNIT"
    SAME_SYSTEM = "SAME_SYSTEM"
    TOWNSHIP_DIRECT_UNIT = "TOWNSHIP_DIRECT_UNIT"
    OTHER_PROVINCE = "OTHER_PROVINCE"
    MILITARY = "MILITARY"
    ARMED_POLICE = "ARMED_POLICE"
    ABROAD = "ABROAD"

    @property
    def zh(self) -> str:
        """What officials call it."""
        return _OUT_TYPES_ZH[self]


_VARIETIES_ZH = {
    Variety.INTRA_COUNTY: "县内直接转接",
    Variety.IN_PROVINCE: "省内转接",
    Variety.OUT_OF_PROVINCE: "转出省外",
    Variety.INCOMING: "省外转入",
    Variety.INTERNAL: "内部调动",
}
_OUT_TYPES_ZH = {
    OutType.OTHER_CITY: "转往本省其他市党组织",
    OutType.PROVINCE_DIRECT_UNIT: "转往本省直属的其他单位党组织",
    OutType.OTHER_COUNTY_SAME_CITY: "转往本市其他县（市、区）党组织",
    OutType.CITY_DIRECT_UNIT: "转往本市直属的其他单位党组织",
    OutType.OTHER_TOWNSHIP_SAME_COUNTY: "转往本县（市、区）其他乡镇（街道）党组织",
    OutType.COUNTY_DIRECT_UNIT: "转往本县（市、区）直属的其他单位党组织",
    OutType.SAME_SYSTEM: "转往本系统内的其他党组织",
    OutType.TOWNSHIP_DIRECT_UNIT: "转往本乡镇（街道）直属的其他单位党组织",
    OutType.OTHER_PROVINCE: "转往外省（区、市）",
    OutType.MILITARY: "转往军队",
    OutType.ARMED_POLICE: "转往武警部队",
    OutType.ABROAD: "转往国（境）外",
}


class InType(StrEnum):
    """Four incoming types (requirements 1.10, I1–I4)."""

    FROM_OTHER_PROVINCE = "FROM_OTHER_PROVINCE"
    FROM_MILITARY = "FROM_MILITARY"
    FROM_ARMED_POLICE = "FROM_ARMED_POLICE"
    FROM_ABROAD = "FROM_ABROAD"


class DestinationKind(StrEnum):
    """Where a transfer outside goes; a special organisation has no outgoing type (requirements 4.3)."""

    OTHER_PROVINCE = "OTHER_PROVINCE"
    MILITARY = "MILITARY"
    ARMED_POLICE = "ARMED_POLICE"
    ABROAD = "ABROAD"
    SPECIAL_ORG = "SPECIAL_ORG"
