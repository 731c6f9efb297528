"""What one reader gets of one thing: the look-ups in the tables that every exit and every filter goes through."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from domain.actors import AUDIT_ROLES, Actor, Role
from domain.agencies import Agency, InstitutionKind
from domain.compartments import PERSON_FIELDS, RELATIVE_FIELDS, Compartment, Members
from domain.disclosure_table import NEVER, READS, Relation
from domain.purposes import purposes_open_to, terms_of


@dataclass(frozen=True, slots=True)
class Standing:
    """How the reader's unit stands to what an answer shows.

    `content`: where the answer's own content lies, if that depends on what it is (a record, a remark, a consent).
    `elsewhere`: how it stands to the other thing that the answer speaks of.
    """

    relations: frozenset[Relation]
    content: frozenset[Compartment] = frozenset()
    elsewhere: frozenset[Relation] = frozenset()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether it is read, and the row of the table, or the rule before it, that says so."""

    read: bool
    rule: str


UNKNOWN_PURPOSE: Final = "purpose.unknown"
NOT_GRANTED: Final = "purpose.not_granted"
NOT_LISTED: Final = "not_listed"


def presence(actor: Actor) -> Relation:
    """How somebody stands to a file merely because their unit has work in it."""
    if actor.role in AUDIT_ROLES:
        return Relation.AUDITOR
    if actor.institution is InstitutionKind.SCHOOL:
        return Relation.SCHOOL
    return Relation.AT_WORK if actor.institution is None else Relation.HOUSE


def standing(actor: Actor, ways: Mapping[Relation, bool], *content: Compartment) -> Standing:
    """At work in the file, and each way besides that is true."""
    relations = {presence(actor), *(relation for relation, true in ways.items() if true)}
    return Standing(frozenset(relations), frozenset(content))


def verdict(actor: Actor, relations: frozenset[Relation], compartment: Compartment) -> Verdict:
    """Purpose first, then what is never read, then the rows that give it. What nothing gives is not read."""
    terms = terms_of(actor.purpose)
    if terms is None:
        return Verdict(read=False, rule=UNKNOWN_PURPOSE)
    if actor.purpose not in purposes_open_to(actor.agency, actor.purposes):
        return Verdict(read=False, rule=NOT_GRANTED)
    if compartment not in terms.reaches:
        return Verdict(read=False, rule=f"purpose.{actor.purpose}")
    return _by_the_table(actor.role, actor.agency, relations, compartment)


@cache
def _by_the_table(
    role: Role, agency: Agency, relations: frozenset[Relation], compartment: Compartment
) -> Verdict:
    giving = [
        row
        for row in READS
        if role in row.roles
        and agency in row.agencies
        and relations & row.relations
        and compartment in row.reads
    ]
    own = [row for row in giving if Relation.AUTHOR in row.relations]
    if own:
        return Verdict(read=True, rule=own[0].id)
    for never in NEVER:
        meant = role in never.roles and agency in never.agencies and relations & never.relations
        if meant and compartment in never.denied:
            return Verdict(read=False, rule=never.id)
    return Verdict(read=True, rule=giving[0].id) if giving else Verdict(read=False, rule=NOT_LISTED)


def reads(actor: Actor, relations: Iterable[Relation], compartment: Compartment) -> bool:
    return verdict(actor, frozenset(relations), compartment).read


def sees_whole_case(actor: Actor) -> bool:
    """Whether the list of all stages and the case's own story is for this reader; others see their own stages only."""
    return reads(actor, {presence(actor)}, Compartment.CASE_STORY)


def follows_whole_case(actor: Actor) -> bool:
    """Whether every entry of a timeline is for this reader; others see those of their own stages."""
    return reads(actor, {presence(actor)}, Compartment.TIMELINE)


def sees_stage(actor: Actor, to_stage: Standing) -> bool:
    """Whether this reader may know that the stage is there."""
    return reads(actor, to_stage.relations, Compartment.STAGE_WORK)


def knows_relatives(actor: Actor) -> bool:
    """Whether this reader may know that somebody has relatives in the file at all."""
    here = {presence(actor)}
    return any(reads(actor, here, compartment) for compartment in RELATIVE_FIELDS.values())


def knows_identity(actor: Actor) -> bool:
    return reads(actor, {presence(actor)}, PERSON_FIELDS["identity"]["name"])


def readable(
    content: Mapping[str, object], members: Members, actor: Actor, relations: frozenset[Relation]
) -> dict[str, object]:
    """Of a content what may leave, member by member. A member that the table does not know is withheld."""
    kept: dict[str, object] = {}
    for name, value in content.items():
        place = members.get(name)
        if not _any_of(place, actor, relations):
            continue
        inner = isinstance(place, Mapping) and isinstance(value, Mapping)
        kept[name] = readable(value, place, actor, relations) if inner else value  # type: ignore[arg-type]  # both are mappings here
    return kept


def withheld(members: Members, actor: Actor, relations: frozenset[Relation]) -> list[str]:
    """The names of what this reader does not get, dotted below a member of which they get some. They are the same whether
    or not anything is stored there: that a section holds something is already something of it."""
    hidden: list[str] = []
    for name, place in members.items():
        if not _any_of(place, actor, relations):
            hidden.append(name)
        elif isinstance(place, Mapping):
            hidden += [f"{name}.{member}" for member in withheld(place, actor, relations)]
    return sorted(hidden)


def _any_of(place: "Compartment | Members | None", actor: Actor, relations: frozenset[Relation]) -> bool:
    return any(reads(actor, relations, one) for one in compartments_in(place))


def compartments_in(place: Compartment | Members | None) -> frozenset[Compartment]:
    """Every compartment of a field: its own, or those of its members."""
    if place is None:
        return frozenset()
    if isinstance(place, Compartment):
        return frozenset({place})
    return frozenset().union(*(compartments_in(member) for member in place.values()))
