"""What each move asks for. Free text in them is sealed; codes and units go on the timeline."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import ConfigDict, Field, JsonValue

from api.representations.types import Body, CivilDate, Id, LongText, Moment, PastMoment, ShortText, StrictBool
from domain.agencies import Agency
from domain.closing import CLOSING_REASONS
from services.stages import Move

_UNIT: Final = "0198c0de-0000-7000-8000-000000000001"
_OFFICER: Final = "0198c0de-0000-7000-8000-000000000002"
_DEPUTY: Final = "0198c0de-0000-7000-8000-000000000003"


def _example(**values: JsonValue) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [values]})


class NoBody(Body):
    """Nothing more to say."""

    model_config = _example()


class RouteBody(Body):
    """To which unit; its agency leads the stage."""

    model_config = _example(unit_id=_UNIT)
    unit_id: Id


class OfficersBody(Body):
    """The named officer and the deputy (Art. 20): two people of the unit that takes or holds the stage."""

    model_config = _example(officer_id=_OFFICER, deputy_id=_DEPUTY)
    officer_id: Id
    deputy_id: Id


class SendBackReason(StrEnum):
    WRONG_PLACE = "wrong_place"
    WRONG_AGENCY = "wrong_agency"
    INFORMATION_MISSING = "information_missing"
    NO_CAPACITY = "no_capacity"
    CONFLICT_OF_INTEREST = "conflict_of_interest"


class SendBackBody(Body):
    model_config = _example(reason="information_missing", missing=["就读年级", "联系方式"])
    reason: SendBackReason
    missing: list[ShortText] = Field(default_factory=list, max_length=20)


class ReasonBody(Body):
    model_config = _example(reason="本人目前需要先完成治疗")
    reason: LongText


class ExtendBody(Body):
    """More time for one of the stage's clocks, where the table of clocks allows it."""

    model_config = _example(
        clock="stage_begin", until="2026-12-31T23:59:59+08:00", reason="本人住院，须等出院"
    )
    clock: Annotated[str, Field(strict=True, pattern=r"^[a-z0-9_]{1,60}$", max_length=60)]
    until: Moment
    reason: LongText


class HoldBody(Body):
    """On hold until a date of review; past it, the stage goes on."""

    model_config = _example(reason="等待医院通知", review_at="2026-12-31T09:00:00+08:00")
    reason: LongText
    review_at: Moment


class HandOverBody(Body):
    model_config = _example(unit_id=_UNIT, reason="本人迁往另一师市")
    unit_id: Id
    reason: LongText


class SaidBy(StrEnum):
    SELF = "self"
    SAFE_GUARDIAN = "safe_guardian"
    TEMPORARY_GUARDIAN = "temporary_guardian"


class DeclineBody(Body):
    """Who said no, when, and in what setting. It counts against nobody."""

    model_config = _example(
        said_by="self",
        said_at="2026-03-12T09:30:00+08:00",
        in_private=True,
        independent_interpreter=True,
        child_heard=False,
        present=["WOMEN"],
        ask_again_on="2026-04-12",
        own_words="现在不需要",
    )
    said_by: SaidBy
    said_at: Moment
    in_private: StrictBool
    independent_interpreter: StrictBool = False
    child_heard: StrictBool = False
    present: list[Agency] = Field(default_factory=list, max_length=10)
    ask_again_on: CivilDate | None = None
    own_words: LongText | None = None


class AskedBy(StrEnum):
    """Who brings a declined stage up again: the person, on any day, or the unit at the plan review."""

    PERSON = "person"
    PLAN_REVIEW = "plan_review"


class OfferAgainBody(Body):
    """The person came back to it; or it is the day that they named, or that of the plan review."""

    model_config = _example(by="person", reason="本人来电，现在愿意")
    by: AskedBy
    reason: LongText


class CloseUnmetBody(Body):
    """Why the need stays unmet, and when and how the person was told."""

    model_config = _example(
        reason="附近没有能提供此项帮助的单位",
        told_at="2026-03-12T09:30:00+08:00",
        told_how="当面说明，并给了书面材料",
    )
    reason: LongText
    told_at: PastMoment | None = None
    told_how: LongText | None = None


def move_of(action: str, body: Body, version: int | None) -> Move:
    """The move that a body asks for; only what the caller wrote is in it."""
    return Move(action, body.model_dump(exclude_unset=True), version)


STAGE_MOVE_BODIES: Final[Mapping[str, type[Body]]] = {
    "route": RouteBody,
    "accept": OfficersBody,
    "send_back": SendBackBody,
    "begin": NoBody,
    "complete": NoBody,
    "extend": ExtendBody,
    "hold": HoldBody,
    "resume": NoBody,
    "name_officers": OfficersBody,
    "hand_over": HandOverBody,
    "withdraw_hand_over": NoBody,
    "accept_hand_over": OfficersBody,
    "refuse_hand_over": ReasonBody,
    "decline": DeclineBody,
    "offer_again": OfferAgainBody,
    "rule_out": ReasonBody,
    "close_unmet": CloseUnmetBody,
    "reopen": ReasonBody,
}


class CloseBody(Body):
    model_config = _example(reason="goals_met")
    reason: Literal[CLOSING_REASONS]  # type: ignore[valid-type]  # the closed list stands in the domain's table


CASE_MOVE_BODIES: Final[Mapping[str, type[Body]]] = {
    "hand_over": HandOverBody,
    "withdraw_hand_over": NoBody,
    "accept_hand_over": NoBody,
    "refuse_hand_over": ReasonBody,
    "close": CloseBody,
    "reopen": ReasonBody,
}


class ConsentGivenBody(Body):
    """Who gave it, a child's own yes or no beside a guardian's, and the person's own words."""

    model_config = _example(
        given_by="self",
        relative_id=None,
        assent=None,
        own_words="我愿意",
        language="zh",
        how_explained="逐条口头说明并出示书面材料",
        in_private=True,
        witness=None,
    )
    given_by: SaidBy
    relative_id: Id | None = Field(default=None, description="Which relative, where a safe guardian gave it.")
    assent: StrictBool | None = Field(
        default=None, description="A child's own yes or no, beside a guardian's."
    )
    own_words: LongText | None = None
    language: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z]{4})?$", max_length=11)]
    how_explained: LongText
    in_private: StrictBool
    witness: ShortText | None = None


class ConsentWordsBody(Body):
    model_config = _example(said_by="self", own_words="不愿意")
    said_by: SaidBy
    own_words: LongText | None = None


CONSENT_MOVE_BODIES: Final[Mapping[str, type[Body]]] = {
    "give": ConsentGivenBody,
    "refuse": ConsentWordsBody,
}
