"""The sections of a person's record as they are written: every field may be left out, and most stay unknown for long."""

from typing import Annotated

from pydantic import Field, Strict

from api.representations.records.choices import ContactChannel
from api.representations.types import (
    Body,
    CountryCode,
    Id,
    IdentityNumber,
    LanguageTag,
    LongText,
    Name,
    PastDate,
    PastMoment,
    PhoneNumber,
    ShortText,
    StrictBool,
    Years,
)
from domain.people import Known, Nationality
from domain.person_codes import (
    Act,
    Control,
    Education,
    EndOfExploitation,
    ExploitationPurpose,
    ExploitationType,
    FreedomOfMovement,
    Gender,
    MaritalStatus,
    Means,
    Paper,
    Recruitment,
    Sex,
    StayRequest,
    TraffickerRelation,
)

Children = Annotated[int, Strict(), Field(ge=0, le=30)]


class Identity(Body):
    """Names, birth date by a document or the lowest age thought possible, sex, languages. All may be unknown."""

    name: Name | None = None
    other_names: Annotated[list[Name], Field(max_length=10)] | None = None
    birth_date: Annotated[PastDate, Field(description="By a document; else give `lowest_age`.")] | None = None
    lowest_age: Years | None = None
    sex: Sex | None = None
    languages: Annotated[list[LanguageTag], Field(max_length=10)] | None = None
    education: Education | None = None


class CivilStatus(Body):
    """Gender as the person says it, marriage and children; a forced marriage is told in `exploitation`."""

    gender: Gender | None = None
    marital_status: MaritalStatus | None = None
    number_of_children: Children | None = None


class Documents(Body):
    """The number of an identity document, citizenships, and which papers the person holds themselves."""

    identity_number: IdentityNumber | None = None
    citizenship: Annotated[list[CountryCode], Field(max_length=5)] | None = None
    papers: Annotated[list[Paper], Field(max_length=len(Paper))] | None = None


class Contact(Body):
    """How the person can be reached without danger. Nobody at a child's home is contacted before guardianship is safe."""

    phone: PhoneNumber | None = None
    safe_contact: LongText | None = None
    safe_times: ShortText | None = None
    safe_channels: Annotated[list[ContactChannel], Field(max_length=len(ContactChannel))] | None = None
    contact_home: Known | None = None


class SituationBody(Body):
    """What is known of the present need; leave out what nobody asked yet."""

    in_danger: Known | None = None
    safe_place_tonight: Known | None = None
    injured_or_ill: Known | None = None
    apart_from_family: Known | None = None
    identity_known: Known | None = None
    household_registered: Known | None = None
    nationality: Nationality | None = None
    abroad: Known | None = None


class Stay(Body):
    """For somebody far from their country: that their position was explained, and what they themselves ask for (Art. 47).

    `served_population_basis` is a note; no help is refused for it.
    """

    status_explained_at: PastMoment | None = None
    status_explained_in: LanguageTag | None = None
    request: StayRequest | None = None
    own_words: LongText | None = None
    in_private: StrictBool | None = None
    asylum_seeker: Known | None = None
    pregnant: Known | None = None
    served_population_basis: ShortText | None = None


class Account(Body):
    """When the person became free, whose household's dependant they are, and a note for the case's owner."""

    liberty_at: PastMoment | None = None
    dependant_of: Id | None = None
    note: LongText | None = None


class Exploitation(Body):
    """What was done to the person: act, means and purpose of the Palermo Protocol beside the domestic offence."""

    act: Annotated[list[Act], Field(max_length=len(Act))] | None = None
    means: Annotated[list[Means], Field(max_length=len(Means))] | None = None
    purpose: Annotated[list[ExploitationPurpose], Field(max_length=len(ExploitationPurpose))] | None = None
    domestic_offence_reference: ShortText | None = None
    types: Annotated[list[ExploitationType], Field(max_length=len(ExploitationType))] | None = None
    methods_of_control: Annotated[list[Control], Field(max_length=len(Control))] | None = None
    method_of_recruitment: Recruitment | None = None
    relationship_to_trafficker: TraffickerRelation | None = None
    age_when_trafficked: Years | None = None
    freedom_of_movement: FreedomOfMovement | None = None
    end_of_exploitation: EndOfExploitation | None = None
    note: LongText | None = None


class Support(Body):
    """Somebody the person trusts, and their advocate: never an officer of the police."""

    support_person: Name | None = None
    support_person_contact: ShortText | None = None
    advocate: Name | None = None
    advocate_account_id: Id | None = None
