"""Facts about a person that a record settles: found safe, told of their choices, heard on what they want."""

from uuid import UUID

from services.case_files import CaseFile, OpenRecord
from services.records.cases import StageRow
from services.victims import set_free, write_down


def found_safe(file: CaseFile, _stage: StageRow, record: OpenRecord) -> None:
    """Somebody who was seen safe, alone, is free from then on; a word from anybody else spares no rescue."""
    body = record.body
    if body["outcome"] == "already_safe" and body["seen_in_private"] is True:
        set_free(file, UUID(str(body["victim_id"])), record.row.happened_at.isoformat())


def status_explained(file: CaseFile, stage: StageRow, record: OpenRecord) -> None:
    """Reflection counts from the first time that the choices were understood."""
    assert stage.victim_id is not None
    known = file.victims[stage.victim_id].sections.get("stay", {}).get("status_explained_at")
    if known is None and record.body["understood"] == "yes":
        told = {
            "status_explained_at": record.row.happened_at.isoformat(),
            "status_explained_in": record.body["language"],
        }
        write_down(file, stage.victim_id, {"stay": told}, "status_explained")


def request_made(file: CaseFile, stage: StageRow, record: OpenRecord) -> None:
    """What the person asks for now replaces what they asked for before."""
    assert stage.victim_id is not None
    said = {name: record.body[name] for name in ("request", "own_words", "in_private")}
    write_down(file, stage.victim_id, {"stay": said}, "own_request")
