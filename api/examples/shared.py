"""What all examples share: their shape, and ids that look like ours and stand for nothing."""

from typing import Any

Example = dict[str, Any]


def example_id(number: int) -> str:
    return f"0198c0de-0000-7000-8000-{number:012x}"


UNIT, OFFICER, DEPUTY, CASE, PLACE, REPORT = map(example_id, range(1, 7))
VICTIM, STAGE, CONSENT, APPROVAL, POLICE, RECORD = map(example_id, range(7, 13))


def listing(path: str, *items: Example, **links: str) -> Example:
    return {"items": list(items), "links": {"self": path, **links}}
