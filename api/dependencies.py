"""Parameters that many routes share."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query
from pydantic import BeforeValidator

from api.representations.types import identifier

PathId = Annotated[UUID, BeforeValidator(identifier), Path()]
QueryId = Annotated[UUID, BeforeValidator(identifier), Query()]
Mark = Annotated[str | None, Query(max_length=500, description="The page mark of a `next` link.")]
Limit = Annotated[int, Query(ge=1, le=100, description="Lines on a page.")]
