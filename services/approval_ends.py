"""The end of a case's approvals: answered, taken back, or overtaken by the end of what they were about."""

from collections.abc import Iterable
from uuid import UUID

from domain.stages import ENDED_STATES
from services import approvals
from services.case_files import CaseFile
from services.records.cases import ApprovalRow, StageRow


def forget(file: CaseFile, rows: Iterable[ApprovalRow]) -> None:
    """These are no longer in force; with them ends what their approvers could read, unless other work lets them."""
    over = {row.id for row in rows}
    file.agreements = [agreement for agreement in file.agreements if agreement.id not in over]


def end_approvals_of(file: CaseFile, subject_id: UUID) -> None:
    """What another agency was asked about a stage or case that ended needs no answer any more."""
    if file.in_force("approval", subject_id):
        forget(file, approvals.end_with_subject(file, subject_id))


def end_with_stage(file: CaseFile, stage: StageRow, _action: str) -> None:
    """After a move of the stage."""
    if stage.state in ENDED_STATES:
        end_approvals_of(file, stage.id)
