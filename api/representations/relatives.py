"""Relatives and guardians, as they are written down and as each reader sees them."""

from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field

from api.representations.answers import Answer, Guarded
from api.representations.types import Body, LanguageTag, LongText, Name, PhoneNumber, ShortText, StrictBool
from domain.actors import Actor
from domain.compartments import RELATIVE_FIELDS
from domain.disclosure import standing
from domain.labels import INTERNAL, sealed_members
from domain.people import Known
from domain.relatives import Kinship, RelativeRole
from services.relatives_on_file import Relative
from services.sealed_values import Content


class RelativeChange(Body):
    """Only the fields that are given change. `proven` becomes yes by the police's match or a court's order alone."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"contact_allowed": "no", "wishes": "现在不想见他", "wishes_heard_alone": True}]
        }
    )
    name: Name | None = None
    relation: Kinship | None = None
    role: RelativeRole | None = None
    phone: PhoneNumber | None = None
    contact: ShortText | None = None
    languages: Annotated[list[LanguageTag], Field(max_length=10)] | None = None
    proven: Known | None = None
    suspect: Known | None = Field(
        default=None, description="Said by the police's unit in the case or by the case's owner."
    )
    contact_allowed: Known | None = None
    wishes: LongText | None = Field(
        default=None, description="What the person themselves wants of this relative."
    )
    wishes_heard_alone: StrictBool | None = None

    def content(self) -> Content:
        dumped: Content = self.model_dump(mode="json", exclude_unset=True, exclude_none=True)
        return dumped


class RelativeBody(RelativeChange):
    """Somebody who is something to the person. No paper of theirs proves it, so that none is kept."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "张某",
                    "relation": "other_relative",
                    "role": "claimant",
                    "languages": ["zh"],
                    "contact_allowed": "no",
                }
            ]
        }
    )
    relation: Kinship
    role: RelativeRole


class RelativeAnswer(Guarded):
    """One relative; what is not for this reader is absent and named in `_redacted`."""

    LABEL = INTERNAL

    id: UUID
    version: int
    victim_id: UUID
    fields: Annotated[dict[str, object], sealed_members(RELATIVE_FIELDS)]
    links: dict[str, str]


class RelativeList(Answer):
    LABEL = INTERNAL
    items: list[RelativeAnswer]
    links: dict[str, str]


def relative_answer(relative: Relative, actor: Actor) -> RelativeAnswer:
    """As far as the reader may know of them."""
    row = relative.row
    base = f"/cases/{row.case_id}/victims/{row.victim_id}"
    return RelativeAnswer(
        id=row.id,
        version=row.version,
        victim_id=row.victim_id,
        fields=dict(relative.content),
        links={"self": f"{base}/relatives/{row.id}", "victim": base},
    ).seen_with(standing(actor, {}))
