"""The four machines as tables: report, case, stage and consent. Nothing else in the code changes a state."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from domain.actors import Actor, Role
from domain.agencies import Agency
from domain.mandates import MANDATES, may_be_responsible
from domain.refusals import MoveNotPossible, Possible, RequirementsUnmet, StageNotYours, Unmet
from domain.stages import StageCode


class Machine(StrEnum):
    REPORT = "report"
    CASE = "case"
    STAGE = "stage"
    CONSENT = "consent"


class By(StrEnum):
    """Who may take a move. `person` is the person concerned; until their own door opens, a unit that works for them
    writes down what they said, with who, when and in what setting."""

    RULE = "rule"
    REPORTER = "reporter"
    OWNER = "owner"
    RESPONSIBLE = "responsible_unit"
    OFFERED = "offered_unit"
    SUPERVISOR = "supervisor"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of a machine. `sources` empty: the thing comes into being. `target` None: the state stays."""

    machine: Machine
    action: str
    sources: tuple[str, ...]
    target: str | None
    by: tuple[By, ...]
    approved: bool = False  # another agency must approve first


@dataclass(frozen=True, slots=True)
class _Machine:
    """Writes the rows of one machine."""

    machine: Machine

    def rows(
        self, *rows: tuple[str, str, str | None, str] | tuple[str, str, str | None, str, str]
    ) -> tuple[Transition, ...]:
        return tuple(self._row(*row[:4], approved=len(row) > 4) for row in rows)

    def _row(self, action: str, sources: str, target: str | None, by: str, *, approved: bool) -> Transition:
        names = tuple(By(name) for name in by.split())
        return Transition(self.machine, action, tuple(sources.split()), target, names, approved)


# action, from, to (None: the same), by, "approved" where another agency must have approved it first
REPORT_MOVES: Final = _Machine(Machine.REPORT).rows(
    ("receive", "", "received", "reporter"),
    ("screen", "received", "screening", "responsible_unit"),
    ("accept", "screening", "accepted", "responsible_unit"),
    ("mark_duplicate", "screening", "duplicate", "responsible_unit"),
    ("find_unfounded", "screening", "unfounded", "responsible_unit", "approved"),
    ("refer_out", "screening", None, "responsible_unit"),
    ("accept_referral", "screening", "referred_out", "offered_unit"),
    ("refuse_referral", "screening", None, "offered_unit"),
    ("screen_again", "duplicate unfounded", "screening", "responsible_unit"),
    ("answer", "screening accepted referred_out unfounded duplicate", None, "responsible_unit"),
    ("escalate", "received screening accepted referred_out unfounded duplicate", None, "rule"),
    ("erase", "unfounded referred_out accepted duplicate", None, "rule"),
)

CASE_MOVES: Final = _Machine(Machine.CASE).rows(
    ("open", "", "open", "rule responsible_unit"),
    ("hand_over", "open", None, "owner rule"),
    ("withdraw_hand_over", "open", None, "owner rule"),
    ("accept_hand_over", "open", None, "offered_unit"),
    ("refuse_hand_over", "open", None, "offered_unit"),
    ("close", "open", "closed", "owner", "approved"),
    ("reopen", "closed", "open", "owner supervisor person"),
    ("move_up", "open closed", None, "rule"),
    ("erase", "closed", None, "rule"),
)

STAGE_MOVES: Final = _Machine(Machine.STAGE).rows(
    ("plan", "", "planned", "rule owner"),
    ("route", "planned returned", "routed", "rule owner"),
    ("accept", "routed", "accepted", "responsible_unit"),
    ("send_back", "routed", "returned", "responsible_unit"),
    ("name_officers", "accepted active on_hold", None, "responsible_unit"),
    ("begin", "accepted", "active", "responsible_unit"),
    ("complete", "active", "completed", "responsible_unit"),
    ("complete", "accepted active on_hold", "completed", "rule"),
    ("extend", "accepted active", None, "responsible_unit"),
    ("hold", "active", "on_hold", "responsible_unit"),
    ("resume", "on_hold", "active", "responsible_unit rule"),
    ("hand_over", "accepted active on_hold", None, "responsible_unit"),
    ("hand_over", "routed accepted", None, "rule"),
    ("withdraw_hand_over", "routed accepted active on_hold", None, "responsible_unit rule"),
    ("accept_hand_over", "routed", "accepted", "offered_unit"),
    ("accept_hand_over", "accepted active on_hold", None, "offered_unit"),
    ("refuse_hand_over", "routed accepted active on_hold", None, "offered_unit"),
    ("move_up", "routed accepted active on_hold", None, "rule"),
    ("decline", "planned routed returned accepted active on_hold", "declined", "person"),
    ("decline", "accepted active on_hold", "declined", "rule"),
    ("offer_again", "declined", "planned", "responsible_unit person"),
    ("rule_out", "planned routed accepted", "not_applicable", "responsible_unit", "approved"),
    ("close_unmet", "active on_hold", "closed_unmet", "responsible_unit", "approved"),
    ("close_unmet", "planned routed returned accepted active on_hold", "closed_unmet", "rule"),
    ("reopen", "completed declined not_applicable closed_unmet", "planned", "owner supervisor person rule"),
)

CONSENT_MOVES: Final = _Machine(Machine.CONSENT).rows(
    ("ask", "", "asked", "responsible_unit owner rule"),
    ("rest_on", "", "given", "responsible_unit owner rule", "approved"),
    ("give", "asked", "given", "person"),
    ("refuse", "asked", "refused", "person"),
    ("withdraw", "given", "withdrawn", "person"),
    ("expire", "given", "expired", "rule"),
)

MACHINES: Final = {
    Machine.REPORT: REPORT_MOVES,
    Machine.CASE: CASE_MOVES,
    Machine.STAGE: STAGE_MOVES,
    Machine.CONSENT: CONSENT_MOVES,
}
ENDED: Final = {
    Machine.REPORT: ("accepted", "referred_out", "unfounded", "duplicate"),
    Machine.CASE: ("closed",),
    Machine.STAGE: ("completed", "declined", "not_applicable", "closed_unmet"),
    Machine.CONSENT: ("refused", "withdrawn", "expired"),
}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a move is about: its state, and the units that stand in a relation to it."""

    machine: Machine
    state: str
    owner: UUID | None = None
    owner_agency: Agency | None = None
    responsible: UUID | None = None
    above: UUID | None = None  # the level above, once the duty unit left a report unanswered
    offered: UUID | None = None
    stage: StageCode | None = None


def _is_owner(subject: Subject, actor: Actor) -> bool:
    return actor.unit_id == subject.owner


def _is_responsible(subject: Subject, actor: Actor) -> bool:
    if actor.unit_id not in (subject.responsible, subject.above):
        return False
    return subject.stage is None or may_be_responsible(actor.agency, subject.stage)


def _is_offered(subject: Subject, actor: Actor) -> bool:
    if actor.unit_id != subject.offered:
        return False
    return subject.stage is None or may_be_responsible(actor.agency, subject.stage)


def _is_supervisor(subject: Subject, actor: Actor) -> bool:
    return actor.role is Role.SUPERVISOR and actor.unit_id in (subject.owner, subject.responsible)


def _writes_for_the_person(subject: Subject, actor: Actor) -> bool:
    """The police never write down what somebody decided about another agency's help."""
    if actor.unit_id == subject.responsible:
        return True
    return actor.unit_id == subject.owner and actor.agency is not Agency.PSB


_STANDS: Final[dict[By, Callable[[Subject, Actor], bool]]] = {
    By.RULE: lambda _subject, _actor: False,
    By.REPORTER: lambda _subject, _actor: True,
    By.OWNER: _is_owner,
    By.RESPONSIBLE: _is_responsible,
    By.OFFERED: _is_offered,
    By.SUPERVISOR: _is_supervisor,
    By.PERSON: _writes_for_the_person,
}


def stands(transition: Transition, subject: Subject, actor: Actor) -> bool:
    """Whether this actor is one of those who may take this move on this subject, whatever its state."""
    return any(_STANDS[by](subject, actor) for by in transition.by)


def require_standing(subject: Subject, action: str, actor: Actor) -> list[Transition]:
    """The rows of `action` that this actor may take in some state; StageNotYours when there is none."""
    rows = [row for row in MACHINES[subject.machine] if row.action == action]
    standing = [row for row in rows if stands(row, subject, actor)]
    if not standing:
        raise _not_yours(subject, action, rows)
    return standing


def decide(subject: Subject, action: str, actor: Actor, unmet: Sequence[Unmet] = ()) -> Transition:
    """The transition that `action` is, or a refusal. Order: StageNotYours, MoveNotPossible, RequirementsUnmet (all)."""
    fitting = [row for row in require_standing(subject, action, actor) if subject.state in row.sources]
    if not fitting:
        raise MoveNotPossible(subject.machine, action, subject.state, list(possible(subject)))
    if unmet:
        raise RequirementsUnmet(action, unmet)
    return fitting[0]


def decide_by_rule(subject: Subject, action: str) -> Transition:
    """The same for a move that a rule makes; a rule never gets a refusal as an answer, so a wrong one is a defect."""
    for row in MACHINES[subject.machine]:
        if row.action == action and By.RULE in row.by and (subject.state in row.sources or not row.sources):
            return row
    raise LookupError(f"no rule may {action} a {subject.machine} in {subject.state}")


def possible(subject: Subject) -> Iterator[Possible]:
    """What the present state allows, by whom, under which articles; what only a rule does is not among it."""
    for row in MACHINES[subject.machine]:
        if subject.state in row.sources and row.by != (By.RULE,):
            yield _possible(subject, row)


def available(subject: Subject, actor: Actor) -> Iterator[tuple[Possible, bool]]:
    """`possible`, each with whether it is open to this actor."""
    for row in MACHINES[subject.machine]:
        if subject.state in row.sources and row.by != (By.RULE,):
            yield _possible(subject, row), stands(row, subject, actor)


def _possible(subject: Subject, row: Transition) -> Possible:
    by = tuple(row.by)
    if subject.stage is None:
        return Possible(row.action, by, _owner_agencies(subject, row))
    mandate = MANDATES[subject.stage]
    if By.RESPONSIBLE not in row.by:
        return Possible(row.action, by, _owner_agencies(subject, row), mandate.articles)
    return Possible(row.action, by, mandate.leads, mandate.articles)


def _owner_agencies(subject: Subject, row: Transition) -> tuple[Agency, ...]:
    if By.OWNER in row.by and subject.owner_agency is not None:
        return (subject.owner_agency,)
    return ()


def _not_yours(subject: Subject, action: str, rows: Sequence[Transition]) -> StageNotYours:
    mandate = MANDATES[subject.stage or StageCode.REPORT]
    if not rows:
        return StageNotYours(action, Possible(action, ()), mandate.accountable)
    return StageNotYours(action, _possible(subject, rows[0]), mandate.accountable)
