"""What a rung of a ladder does besides telling somebody; under the lock of the case, by rule."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final
from uuid import UUID

from domain.ladders import Told
from services.case_files import CaseFile
from services.records.cases import StageRow
from services.stage_offers import offer_to_next_candidate

RungEffect = Callable[[CaseFile, StageRow], UUID | None]
"""Returns the unit that is told of it, if any. The caller saves the file."""


def _offer(file: CaseFile, stage: StageRow) -> UUID | None:
    return offer_to_next_candidate(file, stage, "not_answered_or_begun")


RUNG_EFFECTS: Final[Mapping[Told, RungEffect]] = MappingProxyType({Told.CANDIDATE: _offer})
"""Each effect enters what it did, with its rule."""
