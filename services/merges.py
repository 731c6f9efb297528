"""Two files about one person: asked by the owner of one, approved by the owner of the other, undone whole by either (rule 11).

Nothing of one file becomes readable in the other. While merged, every conflict counts in both, and the earliest clock wins.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.identifiers import new_id
from domain.refusals import FieldRefused, NotFound
from services import access, merged_clocks, merged_conflicts
from services.case_files import CaseFile
from services.case_loading import open_pair
from services.records.cases import CaseRow
from services.records.people import MergeRow
from services.timeline import Note
from services.versions import require_version
from services.victims import owned_case, victim_of

ARTICLES = (39,)
LIVE = ("asked", "merged")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the owner of the other file says, and the version that they answer; to approve, whom of theirs it is."""

    version: int | None
    victim_id: UUID | None = None


def ask_merge(
    session: Session, actor: Actor, who: tuple[UUID, UUID], other_number: str
) -> tuple[CaseFile, MergeRow]:
    """The owner of one file names the other by its number. Whether there is such a case, the answer does not tell."""
    file = owned_case(session, actor, who[0], "merge")
    victim = victim_of(file, who[1])
    if other_number == file.case.number:
        raise FieldRefused(("other_case_number", "another_case_needed"))
    _require_unmerged(session, file, victim.row.id, "other_case_number")
    row = MergeRow(
        case_id=file.id,
        id=new_id(),
        victim_id=victim.row.id,
        case_number=file.case.number,
        other_number=other_number,
        state="asked",
        asked_by_unit_id=actor.unit_id,
        asked_by_id=actor.account_id,
        asked_at=file.at,
        version=1,
    )
    session.add(row)
    _note(file, victim.row.id, "ask_merge", None, row.state)
    file.save()
    return file, row


def _require_unmerged(session: Session, file: CaseFile, victim_id: UUID, field: str) -> None:
    """One person has one other file at a time: a third would hide which of them a conflict comes from."""
    asked = select(MergeRow.id).where(
        MergeRow.state.in_(LIVE), MergeRow.case_id == file.id, MergeRow.victim_id == victim_id
    )
    if file.victims[victim_id].row.merge_id or session.execute(asked.limit(1)).first() is not None:
        raise FieldRefused((field, "merged_already"))


def merges_of(session: Session, actor: Actor) -> list[MergeRow]:
    """What the actor's unit asked, or was asked, as the owner of one of the two files; newest first, at most 100."""
    owned = select(CaseRow).where(
        CaseRow.owner_unit_id == actor.unit_id, access.visible_to(actor, CaseRow.id)
    )
    between = or_(
        MergeRow.case_id.in_(owned.with_only_columns(CaseRow.id)),
        MergeRow.other_number.in_(owned.with_only_columns(CaseRow.number)),
    )
    return list(
        session.execute(select(MergeRow).where(between).order_by(MergeRow.id.desc()).limit(100)).scalars()
    )


def approve_merge(session: Session, actor: Actor, merge_id: UUID, answer: Answer) -> MergeRow:
    """The owner of the other file agrees and says who of theirs it is; nobody approves their own. NotFound, FieldRefused."""
    row = _named(session, actor, merge_id)
    own_id = _asked_of(session, actor, row)
    own, theirs = open_pair(session, actor, own_id, row.case_id)
    _require_state(session, row, answer.version, "asked")
    if row.asked_by_id == actor.account_id:
        raise FieldRefused(("state", "own_request"))
    victim = victim_of(own, answer.victim_id) if answer.victim_id else None
    if victim is None:
        raise FieldRefused(("victim_id", "unknown_victim"))
    _require_unmerged(session, own, victim.row.id, "victim_id")
    row.other_case_id, row.other_victim_id = own.id, victim.row.id
    for one in (victim, theirs.victims[row.victim_id]):
        one.row.merge_id = row.id
    row.stopped_deadlines = merged_clocks.take_the_earliest(
        session, (own, victim.row.id), (theirs, row.victim_id)
    )
    _decide(row, actor, own, "merged")
    _write_both(row, own, theirs, "merge")
    merged_conflicts.join(own, theirs, (victim.row.id, row.victim_id))
    return row


def refuse_merge(session: Session, actor: Actor, merge_id: UUID, answer: Answer) -> MergeRow:
    """The owner of the other file says that these are two people; both files stay as they are."""
    row = _named(session, actor, merge_id)
    own, theirs = open_pair(session, actor, _asked_of(session, actor, row), row.case_id)
    _require_state(session, row, answer.version, "asked")
    _decide(row, actor, own, "refused")
    _write_both(row, own, theirs, "refuse_merge")
    return row


def undo_merge(session: Session, actor: Actor, merge_id: UUID, answer: Answer) -> MergeRow:
    """Either owner parts the two files again: conflicts and clocks are each file's own as they were."""
    row = _named(session, actor, merge_id)
    own_id = _own_side(session, actor, row)
    if row.other_case_id is None:
        return _take_back(session, actor, row, answer)
    own, theirs = open_pair(session, actor, own_id, ({row.case_id, row.other_case_id} - {own_id}).pop())
    _require_state(session, row, answer.version, "merged")
    merged_clocks.give_back(session, (own, theirs), row.stopped_deadlines)
    row.state, row.undone_at, row.version = "undone", own.at, row.version + 1
    for victim in (*own.victims.values(), *theirs.victims.values()):
        victim.row.merge_id = None if victim.row.merge_id == row.id else victim.row.merge_id
    _write_both(row, own, theirs, "undo_merge")
    merged_conflicts.part(own, theirs)
    return row


def _take_back(session: Session, actor: Actor, row: MergeRow, answer: Answer) -> MergeRow:
    """A request that nobody approved; only the file of who asked knows of it."""
    file = owned_case(session, actor, row.case_id, "undo_merge")
    _require_state(session, row, answer.version, "asked")
    row.state, row.undone_at, row.version = "undone", file.at, row.version + 1
    _note(file, row.victim_id, "undo_merge", "asked", row.state)
    file.save()
    return row


def _named(session: Session, actor: Actor, merge_id: UUID) -> MergeRow:
    """The merge, for the owner of one of its files; NotFound for everybody else."""
    for row in merges_of(session, actor):
        if row.id == merge_id:
            return row
    raise NotFound


def _owned(actor: Actor) -> Select[UUID]:
    return select(CaseRow.id).where(
        CaseRow.owner_unit_id == actor.unit_id, access.visible_to(actor, CaseRow.id)
    )


def _asked_of(session: Session, actor: Actor, row: MergeRow) -> UUID:
    """The actor's own case that the merge names; NotFound for who only asked."""
    own_id = session.execute(_owned(actor).where(CaseRow.number == row.other_number)).scalar_one_or_none()
    if own_id is None:
        raise NotFound
    return own_id


def _own_side(session: Session, actor: Actor, row: MergeRow) -> UUID:
    """Which of the two files is the actor's; NotFound for who was asked and has not agreed."""
    sides = [one for one in (row.case_id, row.other_case_id) if one is not None]
    own_id = session.execute(_owned(actor).where(CaseRow.id.in_(sides)).limit(1)).scalar_one_or_none()
    if own_id is None:
        raise NotFound
    return own_id


def _require_state(session: Session, row: MergeRow, version: int | None, state: str) -> None:
    """As it is now, under the lock. VersionMissing, VersionStale; FieldRefused when it was answered meanwhile."""
    session.refresh(row)
    require_version(version, row.version)
    if row.state != state:
        raise FieldRefused(("state", "already_answered"))


def _decide(row: MergeRow, actor: Actor, own: CaseFile, state: str) -> None:
    row.state, row.decided_by_unit_id, row.decided_at = state, actor.unit_id, own.at
    row.version += 1


def _write_both(row: MergeRow, own: CaseFile, theirs: CaseFile, action: str) -> None:
    """Both timelines tell it."""
    source = "merged" if action == "undo_merge" else "asked"
    for file in (own, theirs):
        victim_id = row.victim_id if file.id == row.case_id else row.other_victim_id
        _note(file, victim_id, action, source, row.state)
        file.save()


def _note(file: CaseFile, victim_id: UUID | None, action: str, source: str | None, target: str) -> None:
    file.note(
        Note(
            action,
            "victim" if victim_id else "case",
            victim_id or file.id,
            articles=ARTICLES,
            victim_id=victim_id,
            source=source,
            target=target,
        )
    )
