"""Codes of the person's own door: handed over by who works for them, ended by them, by the office, or by a rule."""

import hashlib
import secrets
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.consents import GivenBy
from domain.identifiers import new_id
from domain.own_door import ARTICLES, CODE_SIGNS, FIRST_USE_WITHIN, Voice
from domain.refusals import MoveNotPossible, NotFound, RequirementsUnmet, Unmet
from domain.texts import Language, Text
from domain.voices import Guardianship
from services.case_facts import person_of
from services.case_files import CaseFile
from services.case_loading import open_case
from services.consents import guardianship_of
from services.door_endings import door_note, end_doors
from services.records.own_door import DoorCodeRow
from services.victims import require_responsible, victim_of

_SIGNS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})
GUARDIAN_SPEAKS: Final = Unmet(
    "guardian_speaks",
    Text(
        "只有对未成年人，且监护人已确认安全或为临时监护人、未处于监护冲突时，才发给监护人",
        "a guardian gets a code only for a child, while their guardianship is safe or temporary and not in question",
    ),
    ARTICLES,
    "workflow 4, rule 3",
)


def give_door_code(
    session: Session, actor: Actor, who: tuple[UUID, UUID], voice: Voice, language: Language
) -> tuple[str, DoorCodeRow]:
    """A new code, shown once and stored nowhere; the one before it of the same person and voice ends. NotFound (an erased
    case among it), StageNotYours, RequirementsUnmet."""
    file = _opened(session, actor, who)
    if voice is Voice.GUARDIAN and guardian_voice(file, who[1]) is None:
        raise RequirementsUnmet("give_door_code", [GUARDIAN_SPEAKS])
    end_doors(file, who[1], (voice,), "replaced")
    code = "".join(secrets.choice(_SIGNS) for _ in range(CODE_SIGNS))
    row = DoorCodeRow(
        case_id=file.id,
        id=new_id(),
        victim_id=who[1],
        voice=voice,
        language=language,
        digest=code_digest(code),
        given_at=file.at,
        given_by_id=actor.account_id,
        given_by_unit_id=actor.unit_id,
        good_until=file.at + FIRST_USE_WITHIN,
    )
    session.add(row)
    file.note(door_note("give_door_code", who[1], voice))
    file.save()
    return "-".join(code[at : at + 4] for at in range(0, CODE_SIGNS, 4)), row


def revoke_door_codes(session: Session, actor: Actor, who: tuple[UUID, UUID], voice: Voice) -> datetime:
    """The code counts no more and every visit by it ends, whether there is one or not."""
    file = _opened(session, actor, who)
    end_doors(file, who[1], (voice,), "by_the_office")
    file.note(door_note("revoke_door_code", who[1], voice))
    file.save()
    return file.at


def _opened(session: Session, actor: Actor, who: tuple[UUID, UUID]) -> CaseFile:
    try:
        file = open_case(session, actor, who[0], lock=True)
    except MoveNotPossible:  # erased: nobody is there any more to whom a door could belong
        raise NotFound from None
    victim_of(file, who[1])
    require_responsible(file, actor, who[1], "give_door_code")
    return file


def guardian_voice(file: CaseFile, victim_id: UUID) -> GivenBy | None:
    """In whose voice a guardian speaks now at a child's door; None: nobody does."""
    person = person_of(file, victim_id)
    if person is None or not person.minor or file.guardian_in_conflict(victim_id):
        return None
    guardianship: Guardianship = guardianship_of(file, victim_id)
    return next(
        (one for one in (GivenBy.SAFE_GUARDIAN, GivenBy.TEMPORARY_GUARDIAN) if guardianship.speaks(one)), None
    )


def as_written(said: str) -> str:
    """A code as it was made, however it was copied: blanks and hyphens go, what is easily misread is read right."""
    kept = "".join(sign for sign in said.upper() if not (sign.isspace() or sign in "-‐–—"))
    return kept.translate(_MISREAD)


def code_digest(code: str) -> bytes:
    """What stands in the database for a code; it has 100 random bits, so that a plain digest holds."""
    return hashlib.sha256(f"homeward-door-code-v1\x00{code}".encode()).digest()
