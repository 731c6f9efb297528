"""Accounts, as administrators and colleagues see them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field

from api.representations.answers import Answer
from api.representations.types import Body, Id
from domain.access_approvals import Approver
from domain.actors import Role
from domain.labels import INTERNAL
from services.access_approvals import Approvable
from services.records.accounts import AccountRow

Username = Annotated[
    str, Field(strict=True, min_length=3, max_length=60, pattern=r"^[a-z0-9][a-z0-9._-]{2,59}$")
]
NewPassword = Annotated[
    str, Field(strict=True, min_length=1, max_length=128, description="For the first sign-in, within 7 days.")
]


class AccountBody(Body):
    """The password is given to its owner, who chooses another one at the first sign-in."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "username": "cab-caseworker-3",
                    "password": "a long sentence nobody guesses",
                    "unit_id": "0198c0de-0000-7000-8000-000000000001",
                    "role": "caseworker",
                }
            ]
        }
    )
    username: Username
    password: NewPassword
    unit_id: Id
    role: Role


class PostBody(Body):
    """Another unit or another role, or both."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"role": "supervisor"}]})
    unit_id: Id | None = None
    role: Role | None = None


class GivenPasswordBody(Body):
    model_config = ConfigDict(json_schema_extra={"examples": [{"password": "a sentence for one sign-in"}]})
    password: NewPassword


class AccountAnswer(Answer):
    """`suspended_at`: shut for now; `disabled_at`: closed for good. `access_approved_until`: until when somebody responsible
    lets its owner work with people's data; null: not, or the role needs no approval."""

    LABEL = INTERNAL
    id: UUID
    version: int
    username: str
    unit_id: UUID
    role: str
    suspended_at: datetime | None
    disabled_at: datetime | None
    access_approved_by: UUID | None
    access_approved_at: datetime | None
    access_approved_until: datetime | None
    links: dict[str, str]


class AccountList(Answer):
    LABEL = INTERNAL
    items: list[AccountAnswer]
    links: dict[str, str]


def account_answer(row: AccountRow) -> AccountAnswer:
    return AccountAnswer(
        id=row.id,
        version=row.version,
        username=row.username,
        unit_id=row.unit_id,
        role=row.role,
        suspended_at=row.suspended_at,
        disabled_at=row.disabled_at,
        access_approved_by=row.access_approved_by_id,
        access_approved_at=row.access_approved_at,
        access_approved_until=row.access_approved_until,
        links={"self": f"/accounts/{row.id}"},
    )


class ApprovableAnswer(AccountAnswer):
    """An account that waits for an approval, or soon will; `whose_turn`: who gives it."""

    LABEL = INTERNAL
    whose_turn: Approver


class ApprovableList(Answer):
    LABEL = INTERNAL
    items: list[ApprovableAnswer]
    links: dict[str, str]


def approvable_answer(found: Approvable) -> ApprovableAnswer:
    about = account_answer(found.row)
    links = {"self": f"/access_approvals/{about.id}"}
    return ApprovableAnswer(**about.model_dump(exclude={"links"}), whose_turn=found.by, links=links)
