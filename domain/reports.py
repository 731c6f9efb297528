"""Reports: what makes one urgent, whom it puts into a case at once, and who may object to what became of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from domain.agencies import Agency
from domain.mandates import MANDATES
from domain.people import Known
from domain.stages import StageCode


class Concern(StrEnum):
    """What makes a report urgent: both duty units at once, a case on receipt, an answer within 15 minutes."""

    DANGER = "danger"
    MISSING_MINOR = "missing_minor"
    CHILD_ALONE = "child_alone"
    SELF_REPORT = "self_report"


CHILD_CONCERNS: Final = frozenset({Concern.MISSING_MINOR, Concern.CHILD_ALONE})
PERSON_CONCERNS: Final = CHILD_CONCERNS | {Concern.SELF_REPORT}
"""Concerns about one person in particular, who is in the case at once. Danger alone may be about nobody known yet."""

Section = Mapping[str, object]


def child_door_concerns(safe_now: Known) -> tuple[Concern, ...]:
    """What it means that a child alone knocks at the door."""
    alone = (Concern.SELF_REPORT, Concern.CHILD_ALONE)
    return (*alone, Concern.DANGER) if safe_now is Known.NO else alone


def person_on_receipt(concerns: Collection[str]) -> dict[str, Section] | None:
    """What is known, on receipt, of the person whom the report puts into the case; None where it names nobody.

    Nobody's age is known yet: doubt means minor.
    """
    if not PERSON_CONCERNS & set(concerns):
        return None
    danger: Section = {"in_danger": "yes"} if Concern.DANGER in concerns else {}
    home: Section = {"contact_home": "no"} if contacts_nobody_at_home(concerns) else {}
    return {"situation": danger, "contact": home}


def contacts_nobody_at_home(concerns: Collection[str]) -> bool:
    """A child that reports alone may have reasons: nobody there is told until a guardian is known to be safe."""
    return {Concern.SELF_REPORT, Concern.CHILD_ALONE} <= set(concerns)


class Objection(StrEnum):
    """What keeps a report from being erased while it is open."""

    COMPLAINT = "complaint"
    REVIEW = "review"
    PROSECUTOR_DEMAND = "prosecutor_demand"


@dataclass(frozen=True, slots=True)
class Objector:
    """Which agency may object in this way: at the duty unit's own level too, or only further up."""

    agency: Agency
    same_level: bool
    source: str


# A complaint is the reporter's own, through the receipt; no agency is written down for it.
OBJECTORS: Final[Mapping[Objection, Objector]] = MappingProxyType(
    {
        Objection.REVIEW: Objector(MANDATES[StageCode.REPORT].accountable, False, "公安机关办理刑事案件程序规定 179"),
        Objection.PROSECUTOR_DEMAND: Objector(Agency.PROC, True, "刑事诉讼法 113"),
    }
)  # fmt: skip
COMPLAINTS_GO_TO: Final = (OBJECTORS[Objection.REVIEW], OBJECTORS[Objection.PROSECUTOR_DEMAND])
"""Who decides a reporter's complaint: the level above the duty unit; where there is none, the procuratorate."""


def objections_open_to(agency: Agency, levels_up: int | None) -> frozenset[Objection]:
    """The objections that a unit of this agency may raise; `levels_up` above the duty unit, None: not above it at all."""
    if levels_up is None:
        return frozenset()
    return frozenset(
        kind
        for kind, objector in OBJECTORS.items()
        if objector.agency is agency and (levels_up > 0 or objector.same_level)
    )
