"""A needs assessment is told in words, with what carries the person beside every risk; nothing in it is a figure."""

import json
from collections.abc import Iterator

import pytest
from pydantic import ValidationError

from api.representations.person_decisions import NeedsBody, NeedsLevel

LEVELS = ("individual", "household_family", "community", "structural")
NUMBERS = {"integer", "number"}


def types_in(schema: object) -> Iterator[str]:
    """Every JSON type that a schema allows anywhere, down to the last definition."""
    if isinstance(schema, dict):
        told = schema.get("type")
        yield from [told] if isinstance(told, str) else told or []
        for name, part in schema.items():
            if name not in ("examples", "default"):
                yield from types_in(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from types_in(part)


def test_no_field_of_a_needs_assessment_holds_a_number() -> None:
    found = set(types_in(NeedsBody.model_json_schema()))
    assert {"string", "object", "array"} <= found, "the walk reached the fields"
    assert not found & (NUMBERS | {"boolean"})


def test_nothing_in_it_is_named_after_a_measure() -> None:
    fields = {*NeedsBody.model_fields, *NeedsLevel.model_fields}
    assert fields == {"assessed_at", "language", "areas", *LEVELS, "own_words", "risks", "protective_factors"}


def broken_by(**fields: object) -> list[tuple[tuple[int | str, ...], str]]:
    """What an assessment with these fields breaks."""
    told = {"assessed_at": "2026-03-12T09:30:00+08:00", "language": "zh", "areas": [], **fields}
    try:
        NeedsBody.model_validate_json(json.dumps(told))
    except ValidationError as refused:
        return [(error["loc"], error["type"]) for error in refused.errors()]
    return []


@pytest.mark.parametrize("level", LEVELS)
def test_each_level_tells_strengths_and_may_leave_risks_out(level: str) -> None:
    assert broken_by(**{level: {"protective_factors": "爱画画"}}) == []
    assert [where for where, _ in broken_by(**{level: {"risks": "夜里常惊醒"}})] == [
        (level, "protective_factors")
    ]


@pytest.mark.parametrize("extra", ["score", "level", "rating", "priority"])
def test_a_score_that_is_sent_along_is_refused(extra: str) -> None:
    scored = {"individual": {"protective_factors": "爱画画", extra: 3}, extra: 3}
    assert {rule for _, rule in broken_by(**scored)} == {"extra_forbidden"}
    assert len(broken_by(**scored)) == 2
