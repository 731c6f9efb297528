"""How narrowly a field of an answer is read: the label that it carries."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.compartments import Compartment, Members


class Level(StrEnum):
    """`public`: for everybody. `own`: for the person whom it is about, or their guardian, at the person's own door.
    `internal`: for every signed-in reader who may know that the thing exists. `restricted` and `sealed`: for those whom the
    table lets into the field's compartment; what is sealed lies encrypted as well."""

    PUBLIC = "public"
    OWN = "own"
    INTERNAL = "internal"
    RESTRICTED = "restricted"
    SEALED = "sealed"


@dataclass(frozen=True, slots=True)
class Label:
    """A level and, for the two narrow ones, where the field lies: one compartment, one for each of its members, or, with
    neither, the compartment that the answer states of its own content. `elsewhere`: not the reader's standing to the
    answer itself counts, but to the other thing that the field speaks of."""

    level: Level
    compartment: Compartment | None = None
    members: Members | None = None
    elsewhere: bool = False

    @property
    def narrow(self) -> bool:
        return self.level in (Level.RESTRICTED, Level.SEALED)

    def __hash__(self) -> int:
        return hash((self.level, self.compartment, self.elsewhere))


PUBLIC: Final = Label(Level.PUBLIC)
OWN: Final = Label(Level.OWN)
INTERNAL: Final = Label(Level.INTERNAL)
SEALED_BY_CONTENT: Final = Label(Level.SEALED)
"""Sealed in the compartment of the answer's own content, such as a record's, which depends on its stage and kind."""


def restricted(compartment: Compartment, *, elsewhere: bool = False) -> Label:
    return Label(Level.RESTRICTED, compartment, elsewhere=elsewhere)


def sealed(compartment: Compartment) -> Label:
    return Label(Level.SEALED, compartment)


def sealed_members(members: Members) -> Label:
    """Sealed member by member: each lies in a compartment of its own, and one that the table does not know is withheld."""
    return Label(Level.SEALED, members=members)
