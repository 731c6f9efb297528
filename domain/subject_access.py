"""What somebody gets who asks for everything that is known of them, and what stays out because it is about somebody else."""

from collections.abc import Collection, Mapping
from typing import Final

from domain.actors import Actor, Role
from domain.compartments import PERSON_FIELDS, Compartment
from domain.disclosure import reads
from domain.disclosure_table import Relation
from domain.own_door import RECORD, Voice
from domain.stages import StageCode

FORMAT: Final = "homeward-subject-export-v1"

THIRD_PARTY_FIELDS: Final = frozenset(
    {
        "relative_id", "receiving_carer", "accompanied_by", "told_to", "support_person", "support_person_contact",
        "advocate_account_id", "unit_id", "account_id", "witness", "dependant_of",
    }
)  # fmt: skip
"""Fields of sections, records and consents that name somebody else: a relative, a carer, an officer."""

INVESTIGATION_STAGES: Final = frozenset({StageCode.INVESTIGATION, StageCode.RESCUE})
INVESTIGATION_FIELDS: Final = frozenset({"not_a_suspect", "relatives_not_suspects", "suspect", "sources"})
"""What the police found out about others is theirs to tell (Criminal Procedure Law; not read)."""

EXPORTING_ROLES: Final = frozenset({Role.CASEWORKER, Role.SUPERVISOR})


def may_export(actor: Actor, *, owns_case: bool) -> bool:
    """The case's owner, on the person's request, or the data protection officer of the place."""
    if actor.role is Role.DATA_PROTECTION_OFFICER:
        return True
    return owns_case and actor.role in EXPORTING_ROLES


def exports(actor: Actor, relations: Collection[Relation], place: Compartment) -> bool:
    """An export passes through the hands of whoever asks for it: a unit hands over what it reads itself, and names the rest."""
    return actor.role is Role.DATA_PROTECTION_OFFICER or reads(actor, relations, place)


def exported_fields(actor: Actor, relations: Collection[Relation], section: str) -> frozenset[str]:
    """The fields of a section that go into it."""
    places = PERSON_FIELDS.get(section, {})
    return frozenset(name for name, place in places.items() if exports(actor, relations, place))


def guardian_reads(section: str) -> frozenset[str]:
    """A guardian is handed no more than they read at their own door."""
    return RECORD[Voice.GUARDIAN].get(section, frozenset())


def without_others(content: Mapping[str, object]) -> tuple[dict[str, object], list[str]]:
    """The content without what is about others, and the names of what was left out; inner objects alike."""
    hidden = THIRD_PARTY_FIELDS | INVESTIGATION_FIELDS
    kept: dict[str, object] = {}
    left_out = [name for name in content if name in hidden and content[name] is not None]
    for name, value in content.items():
        if name in hidden:
            continue
        if isinstance(value, Mapping):
            kept[name], inner = without_others(value)
            left_out += [f"{name}.{one}" for one in inner]
            continue
        kept[name] = value
    return kept, sorted(left_out)
