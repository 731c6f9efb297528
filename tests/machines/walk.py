"""The random walk: at every step somebody tries something, the model says what may come of it, the database shows what did."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Final
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.representations.moves import CASE_MOVE_BODIES, STAGE_MOVE_BODIES, move_of
from api.representations.types import Body
from domain.actors import Actor
from domain.refusals import (
    CaseClosed,
    FieldRefused,
    MoveNotPossible,
    NotFound,
    Refusal,
    RequirementsUnmet,
    StageNotYours,
)
from domain.reports import Concern
from domain.stages import StageCode
from services.approvals import Ask
from services.case_approvals import answer_case_approval, ask_case_approval
from services.cases import move_case
from services.records.cases import CaseRow
from services.report_moves import move_report
from services.reports import NewReport, file_report
from services.stages import Move, move_stage
from services.timeline import check_chain
from services.victims import Learned, change_victim
from tests.machines.ground import Ground, Json
from tests.machines.model import ACTIONS, BY_RULE, ENDED, MOVES, OPEN, Matter, Stage

REASON: Final[Json] = {"reason": "按计划"}
SITUATIONS: Final = (
    "in_danger",
    "safe_place_tonight",
    "injured_or_ill",
    "apart_from_family",
    "household_registered",
)
WHO: Final = (0, 0, 0, 0, 1, 1, 2, 3, 4, 5)
"""Mostly the unit that holds the stage, then the owner, whom it is offered to, and some who have nothing to do with it."""
OF_AN_APPROVAL: Final = frozenset({"ask_approval", "approve", "refuse_approval", "withdraw_approval"})


class RandomWalk(RuleBasedStateMachine):
    """One case of one child, opened by an emergency report; fifty things that somebody tries."""

    ground: ClassVar[Ground]
    place_id: ClassVar[UUID]

    def __init__(self) -> None:
        super().__init__()
        self.case_id, self.seq = "", 0
        self.model = Matter()
        self.truth: Json = {}

    # --- how it begins ---

    @initialize()
    def somebody_reports_a_child(self) -> None:
        ground, police = self.ground, self.ground.units["psb"]
        filed: list[Any] = []
        new = NewReport(
            "tip", self.place_id, (Concern.CHILD_ALONE, Concern.DANGER), {"narrative": "一名儿童独自一人"}, {}
        )
        assert (
            ground.as_unit(police, lambda session, actor: filed.append(file_report(session, actor, new)))
            is None
        )
        report = filed[0].report
        self.case_id = str(report.case_id)
        self._done(police, lambda s, a: move_report(s, a, report.id, Move("screen", {}, report.version)))
        self._done(police, lambda s, a: move_report(s, a, report.id, Move("accept", {}, report.version + 1)))
        self._look(known=False)

    # --- what somebody tries ---

    @rule(
        which=st.integers(0, 99),
        action=st.sampled_from(ACTIONS),
        who=st.sampled_from(WHO),
        to=st.integers(0, 99),
    )
    def a_stage_is_moved(self, which: int, action: str, who: int, to: int) -> None:
        stage = self._stage(which)
        unit = self._who(stage, who)
        refusal = self._try_move(stage, action, unit, to)
        self._judge(stage, action, unit, refusal)

    @rule(which=st.integers(0, 99))
    def the_next_step_of_a_stage_is_taken(self, which: int) -> None:
        """What would really happen next, so that walks get somewhere."""
        stage = self._stage(which)
        action = {
            "planned": "route",
            "returned": "route",
            "routed": "accept",
            "accepted": "begin",
            "on_hold": "resume",
        }
        taken = action.get(stage.state, "complete")
        unit = self.model.owner if taken == "route" else stage.unit or self.model.owner
        self._judge(stage, taken, unit, self._try_move(stage, taken, unit, which))

    @rule(field=st.sampled_from(SITUATIONS), value=st.sampled_from(("yes", "no", "unknown")))
    def something_is_learned_about_the_child(self, field: str, value: str) -> None:
        victim = UUID(self.truth["victims"][0])
        sections: dict[str, Json] = {"situation": {field: value}, "identity": {"lowest_age": 12}}
        version = self._scalar("select version from victims where id = :id", victim)
        learned = Learned(sections, version)
        refusal = self.ground.as_unit(
            self.model.owner, lambda s, a: change_victim(s, a, UUID(self.case_id), victim, learned)
        )
        assert refusal is None or isinstance(refusal, CaseClosed), refusal
        self._look()

    @rule(
        which=st.integers(0, 99), action=st.sampled_from(("rule_out", "close_unmet")), granted=st.booleans()
    )
    def another_agency_is_asked_to_approve(self, which: int, action: str, granted: bool) -> None:  # drawn
        stage, women = self._stage(which), self.ground.units["women"]
        unit = stage.unit or self.model.owner
        ask, asked = Ask("", UUID(stage.id), action, UUID(women), "情况已核实"), []
        refusal = self.ground.as_unit(
            unit, lambda s, a: asked.append(ask_case_approval(s, a, UUID(self.case_id), ask)[1])
        )
        self._look()
        assert isinstance(refusal, (type(None), NotFound, StageNotYours, FieldRefused, CaseClosed)), refusal
        if asked:
            row = asked[0]
            self._done(
                women,
                lambda s, a: answer_case_approval(s, a, row.id, approved=granted, version=row.version),
            )
            self._look()

    @rule(
        who=st.integers(0, 3),
        action=st.sampled_from(("hand_over", "accept_hand_over", "refuse_hand_over", "close", "reopen")),
    )
    def the_case_is_moved(self, who: int, action: str) -> None:
        units = self.ground.units
        unit = (self.model.owner, units["cab"], units["psb"], units["south-cab"])[who]
        bodies: dict[str, Json] = {
            "hand_over": {
                "unit_id": units["cab"] if self.model.owner != units["cab"] else units["psb"],
                **REASON,
            },
            "close": {"reason": "goals_met"},
            "accept_hand_over": {},
        }
        body: Body = CASE_MOVE_BODIES[action].model_validate(bodies.get(action, REASON))
        move = move_of(action, body, self.truth["case"]["version"])
        refusal = self.ground.as_unit(unit, lambda s, a: move_case(s, a, UUID(self.case_id), move))
        expected = (type(None), NotFound, StageNotYours, MoveNotPossible, RequirementsUnmet, FieldRefused)
        assert isinstance(refusal, expected), refusal
        if unit not in self.truth["access"]:
            assert isinstance(refusal, NotFound)
        self._look()

    # --- taking a move, and judging what came of it ---

    def _try_move(self, stage: Stage, action: str, unit: str, to: int) -> Refusal | None:
        version = next(line["version"] for line in self.truth["stages"] if line["id"] == stage.id)
        body = STAGE_MOVE_BODIES[action].model_validate(self._body(action, unit, to))
        move = move_of(action, body, version)
        return self.ground.as_unit(
            unit, lambda s, a: move_stage(s, a, StageCode(stage.code), UUID(stage.id), move)
        )

    def _body(self, action: str, unit: str, to: int) -> Json:
        if action in ("accept", "accept_hand_over"):
            officer, deputy = self.ground.colleagues[unit][:2]
            return {"officer_id": officer, "deputy_id": deputy}
        if action in ("route", "hand_over"):
            units = sorted(self.ground.units.values())
            return {"unit_id": units[to % len(units)]} | (REASON if action == "hand_over" else {})
        review_at = (datetime.now(UTC) + timedelta(days=30)).isoformat()
        said = {
            "said_by": "temporary_guardian",
            "said_at": "2026-03-12T09:30:00+08:00",
            "in_private": True,
            "child_heard": True,
        }
        bodies: dict[str, Json] = {
            "begin": {}, "complete": {}, "resume": {}, "send_back": {"reason": "wrong_place"},
            "hold": {**REASON, "review_at": review_at}, "decline": said,
            "offer_again": {"by": "person", **REASON},
        }  # fmt: skip
        return bodies.get(action, REASON)

    def _judge(self, stage: Stage, action: str, unit: str, refusal: Refusal | None) -> None:
        before = stage.state
        could_read, may = unit in self.truth["access"], self.model.may(stage, action, unit)
        target, was_open = self.model.leads_to(stage, action), self.model.open
        self._look()
        after = self.model.stages[stage.id].state
        if not could_read:
            assert isinstance(refusal, NotFound), (action, before, refusal)
        elif not may:
            assert isinstance(refusal, StageNotYours), (action, before, refusal)
        elif target is None:
            assert isinstance(refusal, MoveNotPossible), (action, before, refusal)
        elif not was_open and action != "reopen":
            assert isinstance(refusal, CaseClosed), (action, before, refusal)
        elif refusal is not None:
            assert isinstance(refusal, (RequirementsUnmet, FieldRefused)), (action, before, refusal)
        if refusal is not None:
            assert after == before, (action, before, after)

    # --- what is true afterwards ---

    def _look(self, *, known: bool = True) -> None:
        """Read the database, follow the entries since the last look, and take the model along."""
        self.truth = self.ground.truth(self.case_id, self.seq)
        states = {stage.id: stage.state for stage in self.model.stages.values()}
        for entry in self.truth["entries"] if known else ():
            self._follow(entry, states)
        for line in self.truth["stages"]:
            if known:
                assert states.get(line["id"]) == line["state"], (line, states.get(line["id"]))
            self.model.stages[line["id"]] = Stage(
                **{n: line[n] for n in ("id", "code", "victim_id", "state", "unit", "offered")}
            )
        case = self.truth["case"]
        self.seq, self.model.owner, self.model.open = case["seq"], case["owner"], case["state"] == "open"
        self.model.owner_is_police = self.model.owner in self.ground.police

    def _follow(self, entry: Json, states: dict[str, str]) -> None:
        """Each entry about a stage begins where the last one ended, and leads where the workflow says."""
        if entry["subject"] not in ("stage", "stage_record") or entry["to"] is None:
            return
        if entry["action"] in OF_AN_APPROVAL:
            return
        stage, source, target, action = entry["stage_id"], entry["from"] or "", entry["to"], entry["action"]
        assert states.get(stage, "") == source, entry
        allowed = (
            MOVES.get(source, {}) | {"plan": "planned"} if entry["rule"] is None else BY_RULE.get(source, {})
        )
        wanted = allowed.get(
            action, "=" if entry["subject"] == "stage_record" or action not in ACTIONS else None
        )
        assert wanted is not None, entry
        assert target == (source if wanted == "=" else wanted), entry
        states[stage] = target

    @invariant()
    def every_open_stage_has_a_unit_or_an_owner_who_routes_it(self) -> None:
        for stage in self.model.stages.values():
            assert stage.state in OPEN | ENDED
            if stage.state in OPEN - {"planned", "returned"}:
                assert stage.unit is not None, stage
            if stage.state in OPEN:
                assert MOVES[stage.state], stage
        assert not self.case_id or self.model.owner

    @invariant()
    def access_is_equal_to_live_work(self) -> None:
        if self.truth:
            assert set(self.truth["access"]) == live_work(self.truth)

    @invariant()
    def ended_stages_wait_for_nothing_and_offered_ones_are_waited_for(self) -> None:
        clocks = {(one["subject"], one["clock"]) for one in self.truth.get("clocks", ())}
        for line in self.truth.get("stages", ()):
            if line["state"] in ENDED:
                assert line["due_at"] is None, line
                assert not [one for one in clocks if one[0] == line["id"]], line
            if line["state"] in ("routed", "accepted"):
                assert (line["id"], line["due_clock"]) in clocks, line

    def teardown(self) -> None:
        if self.case_id:
            assert self._chain_is_whole()

    # --- small things ---

    def _stage(self, which: int) -> Stage:
        stages = sorted(self.model.stages.values(), key=lambda stage: stage.id)
        return stages[which % len(stages)]

    def _who(self, stage: Stage, who: int) -> str:
        units = self.ground.units
        found = (
            stage.unit,
            self.model.owner,
            stage.offered,
            units["women"],
            units["south-cab"],
            units["psb"],
        )[who]
        return found or self.model.owner

    def _done(self, unit: str, use: Callable[[Session, Actor], object]) -> None:
        refusal = self.ground.as_unit(unit, use)
        assert refusal is None, refusal

    def _scalar(self, question: str, subject: UUID) -> Any:
        with self.ground.admin.connect() as connection:
            return connection.execute(text(question), {"id": subject}).scalar_one()

    def _chain_is_whole(self) -> bool:
        with Session(self.ground.admin) as session:
            case = session.get_one(CaseRow, UUID(self.case_id))
            return check_chain(session, case).first_bad is None


def live_work(truth: Json) -> set[str]:
    """The units that have work in the case, from the rows of the work itself."""
    case = truth["case"]
    working = {case["owner"], case["offered"], *truth["asked"]}
    live = {line["id"] for line in truth["stages"] if line["state"] in OPEN}
    for line in truth["stages"]:
        if line["id"] in live:
            working |= {line["unit"], line["offered"]}
    working |= {one["unit"] for one in truth["beside"] if one["stage"] in live}
    for conflict in truth["conflicts"]:
        working |= {conflict["above"], conflict["prosecutor"]}
    return working - {one["unit"] for one in truth["conflicts"] if one["kind"] == "unit"} - {None}
