"""A child who is not where it sleeps is missing at once: reported and looked for in the transaction that says so (rule 5)."""

from typing import Final

from domain.openings import CHILD_MISSING
from domain.reports import Concern
from domain.requirements.shelter import ABSENT
from domain.stages import ENDED_STATES, StageCode
from services.case_facts import person_of
from services.case_files import CaseFile, OpenRecord
from services.openings import NewStage, open_stages
from services.records.cases import StageRow
from services.reports import NewReport, file_report
from services.stages import move_by_rule
from services.timeline import Note

MESSAGE: Final = "安置中的未成年人去向不明 / A minor in care is missing from the place of care"
WHEREABOUTS: Final = ("admission", "exit")


def report_missing_child(file: CaseFile, stage: StageRow, record: OpenRecord) -> None:
    """File it with the duty units of the case's place, once until the child is back. An adult who left is nobody's report."""
    person = person_of(file, stage.victim_id)
    if record.body["destination"] != ABSENT or (person is not None and not person.minor):
        return
    if _missing_already(file, stage, record):
        return
    new = NewReport(
        "mandatory_report",
        file.case.place_id,
        (Concern.MISSING_MINOR,),
        {"narrative": MESSAGE},
        {},
        case_id=file.id,
    )
    filed = file_report(file.session, file.actor, new)
    file.note(
        Note(
            "join_report",
            "case",
            file.id,
            articles=(23, 31),
            victim_id=stage.victim_id,
            rule=CHILD_MISSING.rule,
            reason=str(filed.report.id),
        )
    )
    _look_for(file, stage)


def _missing_already(file: CaseFile, stage: StageRow, record: OpenRecord) -> bool:
    earlier = [one for one in file.records[stage.id] if one is not record and one.row.kind in WHEREABOUTS]
    return bool(earlier) and earlier[-1].body.get("destination") == ABSENT


def _look_for(file: CaseFile, shelter: StageRow) -> None:
    """Rescue opens, or begins anew; one that is under way goes on."""
    rescue = next((s for s in file.of(shelter.victim_id) if StageCode(s.code) is CHILD_MISSING.stage), None)
    if rescue is None:
        new = NewStage(CHILD_MISSING.stage, shelter.victim_id, CHILD_MISSING.rule, CHILD_MISSING.article)
        open_stages(file, [new])
    elif rescue.state in ENDED_STATES:
        move_by_rule(file, rescue, "reopen", CHILD_MISSING.rule)
