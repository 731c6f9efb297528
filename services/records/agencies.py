"""Places, and the units that agencies have there."""

from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.agencies import Agency, InstitutionKind, PlaceKind
from services.records.tables import Id, Octets, Table, Version, Word, one_of


class PlaceRow(Table):
    __tablename__ = "places"
    __table_args__ = (one_of("kind", PlaceKind), Index(None, "parent_id"))

    id: Mapped[Id]
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("places.id"))
    kind: Mapped[Word]
    code: Mapped[str] = mapped_column(unique=True)
    name_zh: Mapped[Word]
    name_en: Mapped[Word]


class UnitRow(Table):
    """An agency at a place, with an optional institution; one default unit an agency and place."""

    __tablename__ = "units"
    __table_args__ = (
        one_of("agency", Agency),
        one_of("institution", InstitutionKind),
        Index(
            "uq_units_default", "agency", "place_id", unique=True, postgresql_where=text("is_default"),
        ),
    )  # fmt: skip

    id: Mapped[Id]
    agency: Mapped[Word]
    place_id: Mapped[UUID] = mapped_column(ForeignKey("places.id"))
    institution: Mapped[Word | None]
    name_zh: Mapped[Word]
    name_en: Mapped[Word]
    is_default: Mapped[bool] = mapped_column(server_default=text("false"))
    version: Mapped[Version]


class RegisterRow(Table):
    """The one chain on which changes of places, units and accounts are entered."""

    CHAIN: ClassVar[str] = "register"

    __tablename__ = "registers"

    id: Mapped[Id]
    version: Mapped[Version]
    seq: Mapped[int] = mapped_column(server_default=text("0"))
    head: Mapped[Octets]
