"""What stops when a consent ends, in the same transaction: the stage that ran on it, and units that were let in by it."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select

from domain.consents import Basis, ends_with_consent
from domain.identifiers import new_id
from domain.stages import StageCode, StageState
from domain.voices import ARTICLES
from domain.workflow import Machine, Subject, decide_by_rule
from services.case_facts import person_of
from services.case_files import Agreement, CaseFile
from services.deadlines import Subject as ClockSubject
from services.records.cases import ConsentRow, StageUnitRow
from services.records.clocks import DeadlineRow
from services.sealed_values import Content, NewValue
from services.stages import move_by_rule
from services.timeline import Note

_RUNNING = (StageState.ACCEPTED, StageState.ACTIVE, StageState.ON_HOLD)


def in_force(file: CaseFile, victim_id: UUID, *ids: UUID) -> list[ConsentRow]:
    """The rows of a person's agreements of this round that are given, oldest first; only these if any are named."""
    query = select(ConsentRow).where(
        ConsentRow.case_id == file.id,
        ConsentRow.victim_id == victim_id,
        ConsentRow.round == file.case.round,
        ConsentRow.state == "given",
    )
    if ids:
        query = query.where(ConsentRow.id.in_(ids))
    return list(file.session.execute(query.order_by(ConsentRow.id)).scalars())


def come_into_force(file: CaseFile, row: ConsentRow, clock: str) -> None:
    """From now on things rest on it, until its term, if it has one."""
    file.agreements.append(
        Agreement(
            "consent",
            row.id,
            row.victim_id,
            row.purpose,
            row.state,
            None,
            row.decided_at,
            row.given_by,
            row.basis,
        )
    )
    if row.expires_at is not None:
        file.clocks.start(consent_clock(row), clock, file.at, row.expires_at)


def consent_clock(row: ConsentRow) -> ClockSubject:
    """The consent as its clocks know it."""
    return ClockSubject("consent", row.id, victim_id=row.victim_id)


def expire(file: CaseFile, row: ConsentRow, rule: str, *, stops: bool = True) -> None:
    """End it by a rule. `stops` False: the help that rests on it goes on, since the rule says what it rests on next."""
    transition = decide_by_rule(Subject(Machine.CONSENT, row.state), "expire")
    source, row.state = row.state, str(transition.target)
    leave(file, row, rule)
    file.note(replace(consent_note(row, "expire", source), rule=rule))
    if stops:
        stop_what_rests_on(file, row, said_no=False)


def leave(file: CaseFile, row: ConsentRow, ended_by: str) -> None:
    """It is over: nothing counts on it any more, and its clock is stopped."""
    row.ended_at, row.ended_by, row.version = file.at, ended_by, row.version + 1
    file.agreements = [agreement for agreement in file.agreements if agreement.id != row.id]
    file.clocks.stop(row.id, file.at)


def stop_what_rests_on(file: CaseFile, row: ConsentRow, *, said_no: bool) -> None:
    """The stage that may only run on this purpose is declined by rule, unless something else carries it; units let in by
    this very agreement are let out. Nothing of another round or another purpose is touched."""
    rule = f"consent_{row.state}"
    _let_out(file, row, rule)
    if row.round != file.case.round or file.in_force("consent", row.victim_id, row.purpose):
        return
    person = person_of(file, row.victim_id)
    for stage in list(file.of(row.victim_id)):
        purpose = ends_with_consent(StageCode(stage.code), person, said_no=said_no)
        if stage.state in _RUNNING and purpose == row.purpose:
            move_by_rule(file, stage, "decline", rule, {"reason": row.purpose})


def _let_out(file: CaseFile, row: ConsentRow, rule: str) -> None:
    invited = file.session.execute(
        select(StageUnitRow).where(StageUnitRow.case_id == file.id, StageUnitRow.consent_id == row.id)
    ).scalars()
    for beside in list(invited):
        file.session.delete(beside)
        file.units[beside.stage_id][beside.relation].discard(beside.unit_id)
        stage = file.stage(beside.stage_id)
        file.note(
            Note(
                "end_invitation",
                "stage",
                stage.id,
                articles=ARTICLES,
                stage=stage.code,
                stage_id=stage.id,
                victim_id=stage.victim_id,
                source=stage.state,
                target=stage.state,
                rule=rule,
                unit_id=beside.unit_id,
            )
        )


def expire_when_due(file: CaseFile, deadline: DeadlineRow) -> None:
    """The term of a consent, or of another basis, is over."""
    assert deadline.victim_id is not None
    for row in in_force(file, deadline.victim_id, deadline.subject_id):
        expire(file, row, deadline.clock)


def copy_of(file: CaseFile, row: ConsentRow, *, state: str, basis: Basis = Basis.CONSENT) -> ConsentRow:
    """A new row for the same purpose and recipients, in the hands of the same unit."""
    copied = ConsentRow(
        case_id=file.id,
        id=new_id(),
        victim_id=row.victim_id,
        purpose=row.purpose,
        basis=basis,
        state=state,
        round=file.case.round,
        unit_id=row.unit_id,
        asked_at=file.at,
        recipient_unit_ids=list(row.recipient_unit_ids),
        version=1,
    )
    file.session.add(copied)
    return copied


def seal(file: CaseFile, row: ConsentRow, section: str, content: Content) -> dict[str, str]:
    """Seal what was said under the person's key; returns commitments for the timeline."""
    plain = {
        name: value if isinstance(value, (str, bool, int, list, type(None))) else str(value)
        for name, value in content.items()
    }
    file.session.flush()
    file.keys.write([NewValue(row.id, section, row.victim_id, plain)], file.at)
    return {f"consent.{name}": digest for name, digest in file.keys.commit_to(row.victim_id, plain).items()}


def consent_note(
    row: ConsentRow, action: str, source: str | None, values: Iterable[tuple[str, str]] = ()
) -> Note:
    """The entry of a move of this consent."""
    commitments = dict(values)
    return Note(
        f"{action}_consent",
        "consent",
        row.id,
        articles=ARTICLES,
        victim_id=row.victim_id,
        source=source,
        target=row.state,
        reason=row.purpose,
        changed=tuple(commitments),
        values=commitments,
    )
