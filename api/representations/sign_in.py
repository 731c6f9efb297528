"""Signing in, proving it again, and what somebody does with their own account."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from api.representations.answers import Answer
from api.representations.types import Body
from domain.actors import Actor
from domain.labels import INTERNAL, PUBLIC
from domain.signing_in import SetUpStep
from services.records.accounts import SessionRow
from services.refresh_tokens import Refreshed
from services.second_factors import NewSecondFactor

SomePassword = Annotated[str, Field(strict=True, min_length=1, max_length=128)]
Code = Annotated[
    str,
    Field(
        strict=True,
        max_length=30,
        pattern=r"^[0-9A-Za-z -]*$",
        description="The six digits that the device shows, or one of the recovery codes.",
    ),
]


class SignInBody(Body):
    """`code` stays empty until a second factor is set up."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "username": "cab-caseworker-1",
                    "password": "a long sentence nobody guesses",
                    "code": "492039",
                }
            ]
        }
    )
    username: Annotated[str, Field(strict=True, min_length=1, max_length=60)]
    password: SomePassword
    code: Code = ""


class RefreshBody(Body):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"refresh_token": "the-43-signs-that-the-last-answer-brought_x"}]}
    )
    refresh_token: Annotated[str, Field(strict=True, pattern=r"^[A-Za-z0-9_-]{43}$", max_length=43)]


class ConfirmBody(Body):
    """A code, or the password of an account that has no second factor."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"proof": "492039"}]})
    proof: SomePassword


class PasswordBody(Body):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "present_password": "the one given to me",
                    "new_password": "another long sentence, my own",
                }
            ]
        }
    )
    present_password: SomePassword
    new_password: SomePassword


class CodeBody(Body):
    model_config = ConfigDict(json_schema_extra={"examples": [{"code": "492039"}]})
    code: Annotated[str, Field(strict=True, pattern=r"^[0-9]{6}$", max_length=6)]


class TokenAnswer(Answer):
    """An ES256 access token for the Authorization header, `expires_in` in seconds, and the token that gives the next one.

    `to_set_up`: the steps that come before anything else, at the first sign-in.
    """

    LABEL = PUBLIC
    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105  # the scheme, no password
    expires_in: int
    refresh_token: str
    refresh_expires_at: datetime
    session_expires_at: datetime
    to_set_up: list[SetUpStep]


class ConfirmedAnswer(Answer):
    LABEL = INTERNAL
    confirmed_until: datetime


class SecondFactorAnswer(Answer):
    """Shown once. The `address` is what a picture for the device holds; the `secret` is for typing it in."""

    LABEL = INTERNAL
    secret: str
    address: str


class RecoveryCodesAnswer(Answer):
    """Shown once; each opens the account once, in place of the six digits."""

    LABEL = INTERNAL
    recovery_codes: list[str]


class MeAnswer(Answer):
    """Who the token speaks for. `access_approved_until`: until when they work with people's data; null: not yet or no longer,
    or their role needs no approval."""

    LABEL = INTERNAL
    account_id: UUID
    unit_id: UUID
    agency: str
    role: str
    place_id: UUID
    place_kind: str
    institution: str | None
    to_set_up: list[SetUpStep]
    access_approved_until: datetime | None
    links: dict[str, str]


class SessionAnswer(Answer):
    LABEL = INTERNAL
    id: UUID
    began_at: datetime
    expires_at: datetime
    this_one: bool


class SessionList(Answer):
    LABEL = INTERNAL
    items: list[SessionAnswer]
    links: dict[str, str]


def me_answer(actor: Actor) -> MeAnswer:
    return MeAnswer(
        account_id=actor.account_id,
        unit_id=actor.unit_id,
        agency=actor.agency,
        role=actor.role,
        place_id=actor.place_id,
        place_kind=actor.place_kind,
        institution=actor.institution,
        to_set_up=list(actor.to_set_up),
        access_approved_until=actor.access_approved_until,
        links={"inbox": "/inbox", "cases": "/cases", "sessions": "/me/sessions"},
    )


def token_answer(
    access_token: str, life: int, session: Refreshed, steps: tuple[SetUpStep, ...]
) -> TokenAnswer:
    return TokenAnswer(
        access_token=access_token,
        expires_in=life,
        refresh_token=session.token,
        refresh_expires_at=session.expires_at,
        session_expires_at=session.session_expires_at,
        to_set_up=list(steps),
    )


def second_factor_answer(new: NewSecondFactor) -> SecondFactorAnswer:
    return SecondFactorAnswer(secret=new.secret, address=new.address)


def session_answer(row: SessionRow, actor: Actor) -> SessionAnswer:
    return SessionAnswer(
        id=row.id,
        began_at=row.created_at,
        expires_at=row.expires_at,
        this_one=row.id == actor.session_id,
    )
