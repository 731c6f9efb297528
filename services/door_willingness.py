"""Willingness for training or work, said by the person themselves at their own door (rule 7)."""

from sqlalchemy.orm import Session

from domain.own_door import Voice
from domain.refusals import NotFound
from services.case_files import CaseFile
from services.door_visits import Visitor, open_file
from services.openings import open_due_stages
from services.victim_sections import Written, write_sections

RECORDED_BY = "person"


def say_willing(session: Session, visitor: Visitor, *, willing: bool, own_words: str) -> CaseFile:
    """Kept on the person in their own words, counted from now. NotFound for a guardian: nobody wants to work for somebody."""
    file = open_file(session, visitor, lock=True)
    if visitor.voice is not Voice.PERSON:
        raise NotFound
    victim = file.victims[visitor.victim_id]
    victim.row.version += 1
    will = {
        "willing": willing,
        "own_words": own_words,
        "said_at": file.at.isoformat(),
        "in_private": True,
        "recorded_by": RECORDED_BY,
    }
    write_sections(file, victim, {"will": will}, Written("record_willingness", (37,)))
    open_due_stages(file)
    file.save()
    return file
