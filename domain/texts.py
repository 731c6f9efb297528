"""Short texts that exist in both languages of the product."""

from dataclasses import dataclass
from enum import StrEnum


class Language(StrEnum):
    ZH = "zh-CN"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Text:
    """One text in Chinese and in English; both are always there."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """The text for a BCP 47 tag: Chinese for every `zh` variety, English for anything else."""
        return self.zh if language.lower().startswith("zh") else self.en
