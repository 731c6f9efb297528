"""What all rows share: names of constraints, column types, closed lists as text with a CHECK."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, LargeBinary, MetaData, Text, Uuid, text
from sqlalchemy.orm import DeclarativeBase, mapped_column

Id = Annotated[UUID, mapped_column(Uuid(), primary_key=True)]
Ref = Annotated[UUID, mapped_column(Uuid())]
At = Annotated[datetime, mapped_column(DateTime(timezone=True))]
Word = Annotated[str, mapped_column(Text())]
Octets = Annotated[bytes, mapped_column(LargeBinary())]
Version = Annotated[int, mapped_column(BigInteger(), server_default=text("1"))]
Counter = Annotated[int, mapped_column(BigInteger(), server_default=text("0"))]


class Table(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    """A closed list as text + CHECK: an enum column filtered under row-level security cannot use its index."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} in ({listed})", name=f"{column}_known")
