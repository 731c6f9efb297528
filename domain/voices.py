"""Who may agree for whom, by age: whose voice counts, and what the child's own voice must have said (C-20 to C-24)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from domain.consents import Basis, GivenBy, Purpose
from domain.people import Person
from domain.refusals import Unmet
from domain.texts import Text

ARTICLES: Final = (40, 22)


class AgeBand(StrEnum):
    UNDER_8 = "under_8"
    FROM_8_TO_13 = "from_8_to_13"
    FROM_14_TO_17 = "from_14_to_17"
    ADULT = "adult"


@dataclass(frozen=True, slots=True)
class Voices:
    """Whose voice gives, whether the child must have said yes as well, whether words of the person's own are written down."""

    givers: frozenset[GivenBy]
    assent: bool
    own_words: bool
    source: str


_GUARDIANS: Final = frozenset({GivenBy.SAFE_GUARDIAN, GivenBy.TEMPORARY_GUARDIAN})
_SELF: Final = frozenset({GivenBy.SELF})

VOICES: Final[Mapping[AgeBand, Voices]] = MappingProxyType(
    {
        AgeBand.ADULT: Voices(_SELF, assent=False, own_words=True, source="民法典 17, 18"),
        AgeBand.FROM_14_TO_17: Voices(_GUARDIANS, assent=True, own_words=True, source="民法典 19"),
        AgeBand.FROM_8_TO_13: Voices(
            _GUARDIANS, assent=True, own_words=False, source="民法典 19; 个人信息保护法 28, 31"
        ),
        AgeBand.UNDER_8: Voices(
            _GUARDIANS, assent=False, own_words=False, source="民法典 20; 个人信息保护法 28, 31"
        ),
    }
)
ALONE_FROM_14: Final[Mapping[Purpose, Voices]] = MappingProxyType(
    {
        Purpose.INFORMATION_SHARING: Voices(
            _SELF, assent=False, own_words=True, source="个人信息保护法 31; 未成年人保护法 72"
        ),
    }
)
"""A child of 14 decides alone who learns what about them. To be shown in public is more than that and needs both voices."""

SPEAKING_STATUSES: Final[Mapping[GivenBy, frozenset[str]]] = MappingProxyType(
    {
        GivenBy.SAFE_GUARDIAN: frozenset({"safe", "long_term_cab", "kin_care", "adoption", "restored"}),
        GivenBy.TEMPORARY_GUARDIAN: frozenset({"temporary_cab", "long_term_cab"}),
    }
)
"""The guardian statuses on record in which such a guardian speaks."""


@dataclass(frozen=True, slots=True)
class Guardianship:
    """The last status on record, and whether the guardian whom it means is in question now."""

    status: str = "unknown"
    in_conflict: bool = False

    def speaks(self, voice: GivenBy) -> bool:
        """A guardian in question has no say; the conflict itself names the temporary one (rule 3)."""
        if self.in_conflict:
            return voice is GivenBy.TEMPORARY_GUARDIAN
        return self.status in SPEAKING_STATUSES.get(voice, ())


@dataclass(frozen=True, slots=True)
class Said:
    """What is about to be written down. `assent` is a child's own yes or no; None: it was not asked."""

    given_by: GivenBy
    assent: bool | None = None
    own_words: bool = False


def band_of(person: Person | None) -> AgeBand:
    """Of an estimate the lowest year counts. With nothing known at all the person is a child who is heard."""
    if person is not None and not person.minor:
        return AgeBand.ADULT
    years = person.probable_years if person else None
    if years is None:
        return AgeBand.FROM_8_TO_13
    if years < 8:
        return AgeBand.UNDER_8
    return AgeBand.FROM_8_TO_13 if years < 14 else AgeBand.FROM_14_TO_17


def voices_for(band: AgeBand, purpose: Purpose) -> Voices:
    """The row that applies."""
    if band is AgeBand.FROM_14_TO_17:
        return ALONE_FROM_14.get(purpose, VOICES[band])
    return VOICES[band]


_RIGHT_PERSON: Final = Text(
    "成年人须本人同意；未成年人由安全的监护人或临时监护人同意；14岁以上的信息共享由本人同意",
    "an adult consents in person; for a child a safe guardian or the temporary guardian does; from 14 on the child alone"
    " agrees to sharing",
)
_HEARD: Final = Text("已听取孩子本人意见", "the child was heard")
_AGREES: Final = Text(
    "孩子本人同意；孩子说不，即为未同意", "the child agrees: a child's no is not overridden"
)
_WORDS: Final = Text("记下本人的话", "the person's own words are written down")


def unmet_to_give(band: AgeBand, purpose: Purpose, said: Said, guardianship: Guardianship) -> list[Unmet]:
    """All that a consent lacks before it is given (workflow 2, consent)."""
    voices = voices_for(band, purpose)
    right = said.given_by in voices.givers and (
        said.given_by is GivenBy.SELF or guardianship.speaks(said.given_by)
    )
    heard = said.assent is not None or said.given_by is GivenBy.SELF
    checks = (
        (right, "right_person_consents", _RIGHT_PERSON),
        (heard or not voices.assent, "child_heard", _HEARD),
        (not (band is not AgeBand.ADULT and said.assent is False), "child_agrees", _AGREES),
        (not voices.own_words or said.own_words, "own_words", _WORDS),
    )
    return [Unmet(code, text, ARTICLES, voices.source) for met, code, text in checks if not met]


def unmet_to_say_no(band: AgeBand, said_by: GivenBy, guardianship: Guardianship) -> list[Unmet]:
    """Refusing and withdrawing are taken from everybody who may speak: the person, from 8 years on, and a child's guardian
    who is not in question."""
    if said_by is GivenBy.SELF:
        speaks = band is not AgeBand.UNDER_8
    else:
        speaks = band is not AgeBand.ADULT and guardianship.speaks(said_by)
    if speaks:
        return []
    text = Text(
        "由本人表示；8岁以下的孩子由安全的监护人或临时监护人表示",
        "the person says so; for a child also a safe or temporary guardian, and for one under 8 only they",
    )
    return [Unmet("may_speak", text, ARTICLES, VOICES[band].source)]


def unmet_to_withdraw(band: AgeBand, basis: Basis) -> list[Unmet]:
    """Only what rests on a word is taken back; an adult who can speak again also ends what was done in their interest."""
    if basis is Basis.CONSENT or (basis is Basis.VITAL_INTEREST and band is AgeBand.ADULT):
        return []
    text = Text("不以同意为依据，不因撤回而终止", "it rests on no consent that could be taken back")
    return [Unmet("rests_on_consent", text, ARTICLES, "workflow 2, consent")]
