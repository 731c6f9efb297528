"""A walk through the stages of one person, with every move and record, counting the statements of each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Engine

from services.demo_desk import Desk, Json
from tests.api.manners.casework import (
    ACCOUNTABLE,
    PERSONAL_STAGES,
    Case,
    hand_over,
    new_case,
    officers,
)
from tests.api.manners.operations import Caller, statements_of

CONSENTS: Final = (
    "shelter",
    "medical_care",
    "family_tracing",
    "schooling",
    "employment",
    "reintegration_support",
    "repatriation",
    "follow_up",
)
INVITED: Final = {
    "investigation": "proc",
    "shelter": "edu",
    "medical_care": "cab",
    "schooling": "cab",
    "employment": "union",
    "rights_support": "union",
    "reintegration_support": "youth",
    "guardianship": "edu",
    "repatriation": "fao",
    "follow_up": "women",
}
ANSWERS: Final[Mapping[str, Json]] = {
    "add_investigation_finding": {"outcome": "already_safe", "seen_in_private": True},
    "add_schooling_attendance_check": {"course_completed": True},
    "add_reintegration_support_review": {"outcome": "goals_met"},
}
"""What a record says beyond its example, so that its stage may end."""

ADDED_BY: Final = {"add_rescue_handover": "cab-1"}
"""Who adds a record that counts only from another agency than the responsible one."""

DECLINED: Final = {
    "said_by": "self",
    "said_at": "2026-03-12T09:30:00+08:00",
    "in_private": True,
    "independent_interpreter": True,
    "present": ["CAB"],
    "ask_again_on": "2099-04-12",
}
REASON: Final = {"reason": "本人情况有变"}
GIVEN: Final = {
    "given_by": "self",
    "own_words": "愿意",
    "language": "zh",
    "how_explained": "当面逐条说明",
    "in_private": True,
}


@dataclass(slots=True)
class Walk:
    """`counts`: operation id -> the numbers of statements that were seen."""

    caller: Caller
    engine: Engine
    staff: Callable[[str], Desk]
    counts: dict[str, set[int]] = field(default_factory=dict)

    def count(
        self, operation_id: str, desk: Desk | None = None, *body: Mapping[str, Any], **asked: Any
    ) -> Json:
        with statements_of(self.engine) as seen:
            answer = self.caller.done(operation_id, desk, *body, **asked)
        self.counts.setdefault(operation_id, set()).add(len(seen))
        return answer

    def count_raw(self, operation_id: str, headers: Mapping[str, str], **ids: object) -> None:
        """The same for what is no JSON, or takes headers of its own."""
        address = self.caller.document.address(operation_id, ids)
        with statements_of(self.engine) as seen:
            response = self.caller.client.get(address, headers=headers)
        assert response.status_code == 200, f"{operation_id}: {response.text}"
        self.counts.setdefault(operation_id, set()).add(len(seen))


@dataclass(slots=True)
class StageWalk:
    """One stage, taken through all that can be done in it."""

    walk: Walk
    case: Case
    code: str
    stage: Json
    desk: Desk
    victim_id: str

    @property
    def at(self) -> dict[str, object]:
        return {"stage_id": self.stage["id"]}

    def move(self, action: str, body: Json | None = None, desk: Desk | None = None) -> None:
        self._take(self.walk.count, action, body, desk)

    def move_unseen(self, action: str, body: Json | None = None, desk: Desk | None = None) -> None:
        """A move that gives or takes access unlike the others of its kind."""
        self._take(self.walk.caller.done, action, body, desk)

    def _take(self, send: Callable[..., Json], action: str, body: Json | None, desk: Desk | None) -> None:
        seen = self.walk.caller.done(f"read_{self.code}", self.case.owner, **self.at)
        send(f"{action}_{self.code}", desk or self.desk, body or {}, version=seen["version"], **self.at)

    def route(self) -> None:
        self.move("route", {"unit_id": self.desk.me["unit_id"]}, self.case.owner)


def in_a_month() -> str:
    """A day within which a hold must be reviewed."""
    return (datetime.now(UTC) + timedelta(days=30)).isoformat()


def walk_stages(walk: Walk) -> None:
    """Every stage of one person, while another person's stages keep each unit at work in the case."""
    police, civil_affairs = walk.staff("psb-1"), walk.staff("cab-1")
    case = new_case(walk.caller, police, people=2)
    hand_over(case, civil_affairs)
    first, second = case.victims
    planned = [code for code in PERSONAL_STAGES if code not in ("rights_support", "shelter")]
    for code in ("shelter", *planned):
        case.plan(code, second)
    for code in planned:
        case.plan(code, first)
    walk.count("plan_stage", civil_affairs, {"code": "shelter", "victim_id": first}, case_id=case.id)
    _keep_the_invited(walk, case, second)
    _say_willing(walk, case, first)
    for code in ("investigation", *PERSONAL_STAGES):
        victim_id = None if code == "investigation" else first
        desk = walk.staff(f"{ACCOUNTABLE[code]}-1")
        _one_stage(StageWalk(walk, case, code, case.stage(code, victim_id), desk, first))


def _keep_the_invited(walk: Walk, case: Case, victim_id: str) -> None:
    for code, tag in {**INVITED, "guardianship": "proc", "rights_support": "women"}.items():
        if code != "investigation":
            body = {"unit_id": walk.staff(f"{tag}-1").me["unit_id"]}
            stage = case.stage(code, victim_id)
            desk = walk.staff(f"{ACCOUNTABLE[code]}-1")
            walk.caller.done(f"invite_to_{code}", desk, body, stage_id=stage["id"])


def _say_willing(walk: Walk, case: Case, victim_id: str) -> None:
    """To the women's federation, which works for this person, in private, today."""
    women, stage = walk.staff("women-1"), case.stage("rights_support", victim_id)
    invited = {"unit_id": women.me["unit_id"]}
    walk.caller.done("invite_to_rights_support", walk.staff("justice-1"), invited, stage_id=stage["id"])
    said = walk.caller.document.example("record_willingness") | {"said_at": datetime.now(UTC).isoformat()}
    who = {"case_id": case.id, "victim_id": victim_id}
    walk.count("record_willingness", women, said, **who)


def _one_stage(way: StageWalk) -> None:
    walk, code = way.walk, way.code
    for operation_id, (method, path, _) in walk.caller.document.operations.items():
        if method == "GET" and path.startswith(f"/{code}/"):
            walk.count(operation_id, way.desk, **way.at)
    way.move("send_back", {"reason": "no_capacity"})
    way.route()
    way.move("accept", officers(way.desk))
    if code in CONSENTS:
        _consent(way)
    way.move("begin")
    _to_another_unit_and_back(way)
    way.move("hold", {**REASON, "review_at": in_a_month()})
    way.move("resume")
    if code in INVITED:
        unit_id = walk.staff(f"{INVITED[code]}-1").me["unit_id"]
        walk.count(f"invite_to_{code}", way.desk, {"unit_id": unit_id}, **way.at)
    _records(way)
    way.move("complete")
    way.move("reopen", REASON, way.case.owner)
    way.route()
    _ended_otherwise(way)


def _consent(way: StageWalk) -> None:
    who = {"case_id": way.case.id, "victim_id": way.victim_id}
    asked = {"purpose": way.code, "what": "按计划提供帮助", "language": "zh"}
    consent = way.walk.count("ask_consent", way.desk, asked, **who)
    consent_id = consent["id"]
    way.walk.count("give_consent", way.desk, GIVEN, version=consent["version"], consent_id=consent_id)


def _to_another_unit_and_back(way: StageWalk) -> None:
    other = way.walk.staff(f"corps-{ACCOUNTABLE[way.code]}-1")
    offer = {"unit_id": other.me["unit_id"], **REASON}
    way.move("hand_over", offer)
    way.move("refuse_hand_over", REASON, other)
    way.move("hand_over", offer)
    way.move("accept_hand_over", officers(other), other)
    way.move_unseen("hand_over", {"unit_id": way.desk.me["unit_id"], **REASON}, other)
    way.move_unseen("accept_hand_over", officers(way.desk))


def _records(way: StageWalk) -> None:
    prefix = f"add_{way.code}_"
    for operation_id in way.walk.caller.document.operations:
        if operation_id.startswith(prefix):
            body = way.walk.caller.document.example(operation_id) | ANSWERS.get(operation_id, {})
            if "victim_id" in body:
                body["victim_id"] = way.victim_id
            tag = ADDED_BY.get(operation_id)
            way.walk.count(operation_id, way.walk.staff(tag) if tag else way.desk, body, **way.at)


def _ended_otherwise(way: StageWalk) -> None:
    if way.code != "investigation":
        way.move("decline", DECLINED)
        way.move("offer_again", REASON)
        way.route()
    _approved(way, "rule_out")
    way.move("rule_out", REASON)
    if way.code != "rescue":
        way.move("reopen", REASON, way.case.owner)
        way.route()
        way.move("accept", officers(way.desk))
        way.move("begin")
        _approved(way, "close_unmet")
        way.move("close_unmet", REASON)


def _approved(way: StageWalk, action: str) -> None:
    women, case_id = way.walk.staff("women-1"), way.case.id
    unit_id, subject = women.me["unit_id"], way.stage["id"]
    body = {"action": action, "subject_id": subject, "approver_unit_id": unit_id, **REASON}
    asked = way.walk.count("ask_case_approval", way.desk, body, case_id=case_id)
    way.walk.count("read_approval", women, approval_id=asked["id"])
    way.walk.count("list_approvals", women)
    way.walk.count("approve", women, version=asked["version"], approval_id=asked["id"])
