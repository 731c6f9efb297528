"""Machines and their keys, registered by administrators. A client is an account without a password."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from domain.actors import Actor, Role
from domain.agencies import Agency, may_read_cases
from domain.clients import KEY_LIFE, MOST_KEYS
from domain.identifiers import new_id
from domain.purposes import purposes_open_to
from domain.refusals import AlreadyExists, FieldRefused, NotFound, RequirementsUnmet, Unmet
from domain.texts import Text
from services.database import now
from services.records.accounts import AccountRow
from services.records.agencies import UnitRow
from services.records.clients import ClientGrantRow, ClientKeyRow
from services.registers import add_row, enter
from services.sessions import end_sessions_of
from services.signed_tokens import ES256, SignatureRefused, Verifier
from services.timeline import Note
from services.versions import require_version

_SOURCE: Final = "RFC 7523"
ONE_KEY_TOO_MANY: Final = Unmet(
    "one_key_too_many",
    Text("最多两把密钥同时有效，请先停用一把", "at most two keys count at a time: revoke one first"),
    source=_SOURCE,
)


@dataclass(frozen=True, slots=True)
class UnitGrant:
    """For which purposes a machine may read at one unit."""

    unit_id: UUID
    purposes: frozenset[str]


@dataclass(frozen=True, slots=True)
class NewKey:
    kid: str
    jwk: Mapping[str, str]
    not_after: datetime


@dataclass(frozen=True, slots=True)
class Client:
    """A machine with everything that stands behind it."""

    account: AccountRow
    grants: Sequence[ClientGrantRow]
    keys: Sequence[ClientKeyRow]
    at: datetime


def add_client(session: Session, actor: Actor, name: str, grants: Sequence[UnitGrant]) -> Client:
    """Register a machine of one agency, for the units and purposes that it serves; its first key follows.

    FieldRefused for units of several agencies, or of one that reads no cases; AlreadyExists for a name taken.
    """
    _require_one_agency(session, grants)
    at = now(session)
    row = AccountRow(
        id=new_id(),
        username=name,
        password_hash=None,
        unit_id=grants[0].unit_id,
        role=Role.INTEGRATION,
        demonstration=False,
        created_at=at,
        version=1,
    )
    add_row(session, row, "name")
    _write_grants(session, row.id, grants)
    enter(session, actor, at, _note("add_client", row, target=Role.INTEGRATION))
    return client_of(session, row.id)


def change_grants(
    session: Session, actor: Actor, client_id: UUID, version: int | None, grants: Sequence[UnitGrant]
) -> Client:
    """Other units or purposes, from the next token on; tokens given out end at once."""
    row = _locked(session, client_id, version)
    _require_one_agency(session, grants)
    session.execute(delete(ClientGrantRow).where(ClientGrantRow.account_id == row.id))
    _write_grants(session, row.id, grants)
    row.unit_id = grants[0].unit_id
    _entered(session, actor, row, "change_grants")
    end_sessions_of(session, row.id, "grants_changed")
    return client_of(session, row.id)


def add_key(session: Session, actor: Actor, client_id: UUID, version: int | None, key: NewKey) -> Client:
    """One more public key, which counts until its last day; two at most count at a time."""
    row = _locked(session, client_id, version)
    at = now(session)
    try:
        Verifier.of_jwk(key.jwk, ES256)
    except SignatureRefused:
        raise FieldRefused(("jwk", "not_a_p256_key")) from None
    if not at < key.not_after <= at + KEY_LIFE:
        raise FieldRefused(("not_after", "key_term"))
    keys = _keys(session, row.id)
    if any(known.kid == key.kid for known in keys):
        raise AlreadyExists("kid")
    if len([known for known in keys if known.revoked_at is None and known.not_after > at]) >= MOST_KEYS:
        raise RequirementsUnmet("add_client_key", [ONE_KEY_TOO_MANY])
    session.execute(
        insert(ClientKeyRow).values(
            account_id=row.id,
            kid=key.kid,
            jwk=json.dumps(dict(key.jwk), sort_keys=True),
            added_at=at,
            not_after=key.not_after,
        )
    )
    _entered(session, actor, row, "add_client_key")
    return client_of(session, row.id)


def revoke_key(session: Session, actor: Actor, client_id: UUID, version: int | None, kid: str) -> Client:
    """A key counts no longer, with the next request; tokens that it asked for end as well."""
    row = _locked(session, client_id, version)
    key = next((known for known in _keys(session, row.id) if known.kid == kid), None)
    if key is None:
        raise NotFound
    if key.revoked_at is None:
        key.revoked_at = now(session)
        _entered(session, actor, row, "revoke_client_key")
        end_sessions_of(session, row.id, "key_revoked")
    return client_of(session, row.id)


def client_of(session: Session, client_id: UUID) -> Client:
    row = session.execute(_CLIENTS.where(AccountRow.id == client_id)).scalar_one_or_none()
    if row is None:
        raise NotFound
    grants = session.execute(
        select(ClientGrantRow)
        .where(ClientGrantRow.account_id == client_id)
        .order_by(ClientGrantRow.unit_id)
        .execution_options(populate_existing=True)
    ).scalars()
    return Client(row, list(grants), _keys(session, client_id), now(session))


def list_clients(session: Session, *, after: UUID | None, limit: int) -> list[AccountRow]:
    """Every machine that was ever registered, in the order of registering."""
    query = _CLIENTS.order_by(AccountRow.id).limit(limit)
    return list(session.execute(query if after is None else query.where(AccountRow.id > after)).scalars())


_CLIENTS: Final = select(AccountRow).where(AccountRow.role == Role.INTEGRATION)


def _keys(session: Session, client_id: UUID) -> list[ClientKeyRow]:
    query = select(ClientKeyRow).where(ClientKeyRow.account_id == client_id)
    return list(session.execute(query.order_by(ClientKeyRow.added_at, ClientKeyRow.kid)).scalars())


def _locked(session: Session, client_id: UUID, version: int | None) -> AccountRow:
    row = session.execute(_CLIENTS.where(AccountRow.id == client_id).with_for_update()).scalar_one_or_none()
    if row is None:
        raise NotFound
    require_version(version, row.version)
    return row


def _entered(session: Session, actor: Actor, row: AccountRow, action: str) -> None:
    row.version += 1
    session.flush()
    enter(session, actor, now(session), _note(action, row))


def _note(action: str, row: AccountRow, *, target: str | None = None) -> Note:
    return Note(action, "account", row.id, target=target, unit_id=row.unit_id)


def _write_grants(session: Session, client_id: UUID, grants: Sequence[UnitGrant]) -> None:
    session.execute(
        insert(ClientGrantRow),
        [
            {"account_id": client_id, "unit_id": grant.unit_id, "purposes": sorted(grant.purposes)}
            for grant in grants
        ],
    )


def _require_one_agency(session: Session, grants: Sequence[UnitGrant]) -> None:
    wanted = [grant.unit_id for grant in grants]
    units = session.execute(select(UnitRow.agency, UnitRow.place_id).where(UnitRow.id.in_(wanted))).all()
    if len(units) != len(wanted):
        raise FieldRefused(("grants", "unknown_unit"))
    # a scope names the place: two units there could not be told apart
    if len({unit.agency for unit in units}) != 1 or len({unit.place_id for unit in units}) != len(units):
        raise FieldRefused(("grants", "units_of_one_agency"))
    agency = Agency(units[0].agency)
    if not may_read_cases(agency):
        raise FieldRefused(("grants", "agency_reads_no_cases"))
    if not frozenset().union(*(grant.purposes for grant in grants)) <= purposes_open_to(agency, None):
        raise FieldRefused(("grants", "purpose_of_another_agency"))
