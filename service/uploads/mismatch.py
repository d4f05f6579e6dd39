"""A file that is not what its name says; the examination turns it into a refusal."""


class Mismatch(Exception):
    """Why a content does not match its extension, in Chinese and in English."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh = zh
        self.en = en
        super().__init__(en)
