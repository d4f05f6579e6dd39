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
