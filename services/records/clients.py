"""Machines that sign in with keys of their own, and issuers of other houses whose word on people is taken."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Index, LargeBinary, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.records.tables import At, Id, Table, Version, Word, one_of

ALGORITHMS: Final = ("ES256", "RS256")
_MAYBE_AT: Final = DateTime(timezone=True)


class ClientKeyRow(Table):
    """A public key of a machine, as a JWK (RFC 7517). Its holder signs assertions with the private half."""

    __tablename__ = "client_keys"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    kid: Mapped[str] = mapped_column(primary_key=True)
    jwk: Mapped[Word]
    added_at: Mapped[At]
    not_after: Mapped[At]
    revoked_at: Mapped[datetime | None] = mapped_column(_MAYBE_AT)


class ClientGrantRow(Table):
    """For which purposes a machine may read at the unit of one place."""

    __tablename__ = "client_grants"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"), primary_key=True)
    purposes: Mapped[list[str]] = mapped_column(ARRAY(Text()))


class UsedAssertionRow(Table):
    """The id of an assertion that was taken once; kept until it has run out."""

    __tablename__ = "used_assertions"
    __table_args__ = (Index(None, "expires_at"),)

    digest: Mapped[bytes] = mapped_column(LargeBinary(), primary_key=True)
    expires_at: Mapped[At]


class IssuerRow(Table):
    """Another house that signs its people in (OpenID Connect). Algorithm and keys are pinned: nothing is fetched."""

    __tablename__ = "issuers"
    __table_args__ = (one_of("algorithm", ALGORITHMS),)

    id: Mapped[Id]
    issuer: Mapped[str] = mapped_column(unique=True)
    audience: Mapped[Word]
    algorithm: Mapped[Word]
    jwks: Mapped[Word]
    acr_values: Mapped[list[str]] = mapped_column(ARRAY(Text()))
    added_at: Mapped[At]
    disabled_at: Mapped[datetime | None] = mapped_column(_MAYBE_AT)
    version: Mapped[Version]


class FederatedIdentityRow(Table):
    """Who somebody is at another house: the pair of issuer and subject, never a name or an address."""

    __tablename__ = "federated_identities"
    __table_args__ = (Index(None, "account_id"),)

    issuer_id: Mapped[UUID] = mapped_column(ForeignKey("issuers.id"), primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    linked_at: Mapped[At]


class NonceRow(Table):
    """A number used once, which a token of another house must carry back; its digest only."""

    __tablename__ = "nonces"
    __table_args__ = (Index(None, "expires_at"),)

    digest: Mapped[bytes] = mapped_column(LargeBinary(), primary_key=True)
    expires_at: Mapped[At]
