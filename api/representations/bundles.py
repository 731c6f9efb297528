"""The lines of a case bundle, version 1: what it is made of is written down here, and what it proves in `verify_bundle.py`.

JSON lines, in this order: one `header`; an `entry` for each entry up to the head; a `checkpoint`, if one was signed; a
`consistency` from the size that was asked for; a `key` for each that ever signed the log; one `end` with the SHA-256 of all
lines before it. Bytes are in base64, digests of entries in hex.
"""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import ConfigDict, Field

from api.representations.answers import Answer, Guarded
from api.representations.checkpoints import written
from domain.actors import Actor
from domain.compartments import Compartment
from domain.labels import INTERNAL, restricted
from domain.timeline import SECTIONS, Section
from services.bundles import BundledEntry, KeyProof, Opening
from services.checkpoints import Published
from services.timelines import Reader

SEEN = restricted(Compartment.TIMELINE)


class BundleHeader(Answer):
    """`withheld`: sections that may be left out for this reader. `sealed_to`: the last entry of the case that the log has."""

    LABEL = INTERNAL
    line: Literal["header"] = "header"
    format: Literal["homeward-bundle"] = "homeward-bundle"
    version: Literal[1] = 1
    log: str | None
    case_id: UUID
    edition: str
    seq: int
    head: str
    sealed_to: int
    checkpoint_size: int
    at: datetime
    role: str
    unit_id: UUID
    withheld: list[str]


class SectionLine(Answer):
    """The exact bytes of a section, and the salt of its commitment."""

    LABEL = INTERNAL
    content: str
    salt: str

    @classmethod
    def of(cls, section: Section) -> Self:
        return cls(content=written(section.content), salt=written(section.salt))


class BundleEntry(Guarded):
    """`state`: sealed, unsealed (not in the log yet), or lost (it should be there, and is not)."""

    LABEL = INTERNAL
    line: Literal["entry"] = "entry"
    seq: int
    body: str
    digest: str
    what: Annotated[SectionLine, SEEN]
    who: Annotated[SectionLine, SEEN]
    values: Annotated[SectionLine, SEEN]
    state: str
    leaf_index: int | None
    proof: list[str] | None


class BundleCheckpoint(Answer):
    LABEL = INTERNAL
    line: Literal["checkpoint"] = "checkpoint"
    size: int
    root: str
    note: str


class BundleConsistency(Answer):
    """`proof` null: nodes of the tree are missing."""

    model_config = ConfigDict(populate_by_name=True)
    LABEL = INTERNAL
    line: Literal["consistency"] = "consistency"
    from_size: int = Field(alias="from")
    to: int
    proof: list[str] | None


class BundleKey(Answer):
    """A key, the note of the checkpoint with which it began, and that the log has only grown since."""

    LABEL = INTERNAL
    line: Literal["key"] = "key"
    verifier_key: str
    from_size: int
    until_size: int | None
    from_at: datetime
    note: str
    proof: list[str] | None


class BundleEnd(Answer):
    """How many lines stand behind the entries, and the hash of all of it. A bundle without this line is cut off."""

    LABEL = INTERNAL
    line: Literal["end"] = "end"
    further: int
    sha256: str
    end: Literal[True] = True


def header_line(begun: Opening, actor: Actor, *, whole: bool) -> BundleHeader:
    return BundleHeader(
        log=begun.log,
        case_id=begun.case_id,
        edition=begun.edition,
        seq=begun.seq,
        head=begun.head.hex(),
        sealed_to=begun.sealed_to,
        checkpoint_size=begun.size,
        at=begun.at,
        role=str(actor.role),
        unit_id=actor.unit_id,
        withheld=[] if whole else [*SECTIONS],
    )


def entry_line(entry: BundledEntry, reader: Reader) -> BundleEntry:
    sections = {name: SectionLine.of(section) for name, section in entry.sections.items()}
    line = BundleEntry(
        seq=entry.seq,
        body=written(entry.body),
        digest=entry.digest.hex(),
        what=sections["what"],
        who=sections["who"],
        values=sections["values"],
        state=entry.state,
        leaf_index=entry.leaf_index,
        proof=None if entry.proof is None else [written(one) for one in entry.proof],
    )
    return line.seen_with(reader.stands_to(entry.stage_id))


def checkpoint_line(one: Published) -> BundleCheckpoint:
    return BundleCheckpoint(size=one.size, root=written(one.root), note=one.note)


def key_line(one: KeyProof) -> BundleKey:
    key = one.key
    return BundleKey(
        verifier_key=key.verifier_key,
        from_size=key.from_size,
        until_size=key.until_size,
        from_at=key.from_at,
        note=one.note,
        proof=None if one.proof is None else [written(node) for node in one.proof],
    )
