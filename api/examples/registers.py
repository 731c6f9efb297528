"""Answers about places, units, accounts and the policy."""

from collections.abc import Mapping
from typing import Final

from api.examples.shared import OFFICER, PLACE, UNIT, Example, example_id, listing
from api.problems import CATALOGUE
from domain.agencies import AGENCY_NAMES
from domain.mandates import MANDATES
from domain.policy import policy
from domain.stages import StageCode

_CODE: Final = StageCode.SCHOOLING
_MANDATE: Final = MANDATES[_CODE]
_LEAD: Final = str(_MANDATE.accountable)
_PLACE: Final[Example] = {
    "id": PLACE,
    "parent_id": None,
    "kind": "corps",
    "code": "00",
    "name": "示范兵团",
    "links": {"below": f"/places?parent_id={PLACE}", "units": f"/units?place_id={PLACE}"},
}
_UNIT: Final[Example] = {
    "id": UNIT,
    "version": 1,
    "agency": _LEAD,
    "agency_name": AGENCY_NAMES[_MANDATE.accountable].zh,
    "place_id": PLACE,
    "institution": None,
    "name": "示范兵团教育局",
    "is_default": True,
    "links": {"place": f"/places?parent_id={PLACE}"},
}
_ACCOUNT: Final[Example] = {
    "id": OFFICER,
    "version": 1,
    "username": "edu-1",
    "unit_id": UNIT,
    "role": "caseworker",
    "suspended_at": None,
    "disabled_at": None,
    "access_approved_by": example_id(44),
    "access_approved_at": "2026-03-12T01:30:00Z",
    "access_approved_until": "2027-03-12T01:30:00Z",
    "links": {"self": f"/accounts/{OFFICER}"},
}
_APPROVABLE: Final[Example] = {
    **_ACCOUNT,
    "whose_turn": "supervisor_of_the_unit",
    "links": {"self": f"/access_approvals/{OFFICER}"},
}
_KEY: Final[Example] = {
    "kty": "EC",
    "crv": "P-256",
    "x": "51pNBlauyncGMbv3nsO1ekuqXD_iERhBLZV-75BlcOI",
    "y": "I0peRYQGY_EmB2uiC1Y5csXQidZXXdA-gCoJAkFLXTs",
    "kid": "3e1c1c8cc0f1180a",
    "use": "sig",
    "alg": "ES256",
}


def _policy() -> Example:
    """The beginning of the real one: a line of each of its parts."""
    whole = policy("zh-CN")
    parts = {name: part[:1] if isinstance(part, list) else part for name, part in whole.items()}
    return {**parts, "stages": [s for s in _listed(whole["stages"]) if s["code"] == _CODE]}


def _listed(value: object) -> list[Example]:
    assert isinstance(value, list)
    return value


def _problem() -> Example:
    found = next(problem for problem in CATALOGUE if problem.code == "not_found")
    return {
        "type": f"/problems/{found.code}",
        "status": found.status,
        "title": found.title.zh,
        "detail": found.detail.zh,
    }


REGISTERS: Final[Mapping[str, Example]] = {
    "AccountAnswer": _ACCOUNT,
    "AccountList": listing("/accounts", _ACCOUNT),
    "ApprovableAnswer": _APPROVABLE,
    "ApprovableList": listing("/access_approvals", _APPROVABLE),
    "Health": {"status": "ok"},
    "PlaceAnswer": _PLACE,
    "PlaceList": listing("/places", _PLACE),
    "PolicyAnswer": _policy(),
    "ProblemText": _problem(),
    "PublicKeys": {"keys": [_KEY]},
    "UnitAnswer": _UNIT,
    "UnitList": listing("/units", _UNIT),
}  # fmt: skip
