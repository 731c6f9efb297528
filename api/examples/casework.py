"""Answers about reports, cases, people and stages: a boy in school, as his case's workers read him."""

from collections.abc import Mapping
from typing import Final

from api.examples.conflicts import CONFLICT_IN_FORCE, GUARDIAN_ATTEMPT
from api.examples.shared import (
    APPROVAL,
    CASE,
    DEPUTY,
    OFFICER,
    PLACE,
    POLICE,
    RECORD,
    STAGE,
    UNIT,
    VICTIM,
    Example,
    example_id,
    listing,
)
from domain.articles import EDITION
from domain.clocks import CLOCKS
from domain.compartments import PERSON_FIELDS
from domain.mandates import EMERGENCY_DUTY, MANDATES
from domain.stages import RECORD_KINDS, STAGE_NAMES, STATE_NAMES, StageCode, StageState, record_kind_name
from domain.workflow import Machine, Subject, possible

_CODE: Final = StageCode.SCHOOLING
_MANDATE: Final = MANDATES[_CODE]
_LEAD: Final = str(_MANDATE.accountable)
_DUTY: Final = EMERGENCY_DUTY[0]
_AT, _LATER, _DUE = "2026-03-12T01:30:00Z", "2026-03-12T02:15:00Z", "2026-03-15T02:15:00Z"
_STAGE_AT: Final = f"/{_CODE}/{STAGE}"
_CASE_AT: Final = f"/cases/{CASE}"
_VICTIM_AT: Final = f"{_CASE_AT}/victims/{VICTIM}"


def _actions() -> list[Example]:
    subject = Subject(Machine.STAGE, StageState.ACCEPTED, stage=_CODE)
    return [
        {
            "action": one.action,
            "by": [str(by) for by in one.by],
            "agencies": [str(agency) for agency in one.agencies],
            "articles": list(one.articles),
            "open_to_you": one.action == "begin",
            "link": f"{_STAGE_AT}/begin" if one.action == "begin" else None,
        }
        for one in possible(subject)
        if one.action in ("begin", "accept_hand_over")
    ]


_VICTIM: Final[Example] = {
    "id": VICTIM,
    "version": 3,
    "case_id": CASE,
    "ordinal": 1,
    "minor": True,
    "sections": {"identity": {"languages": ["zh"], "lowest_age": 12, "sex": "male"}},
    "links": {"self": _VICTIM_AT, "case": _CASE_AT, "consents": f"{_VICTIM_AT}/consents"},
    "_redacted": sorted({*PERSON_FIELDS, "merged_with"} - {"identity"}),
}
_SUMMARY: Final[Example] = {
    "id": STAGE,
    "version": 2,
    "code": str(_CODE),
    "name": STAGE_NAMES[_CODE].zh,
    "state": str(StageState.ACCEPTED),
    "state_name": STATE_NAMES[StageState.ACCEPTED].zh,
    "victim_id": VICTIM,
    "round": 1,
    "unit_id": UNIT,
    "agency": _LEAD,
    "due_at": _DUE,
    "links": {
        "self": _STAGE_AT,
        "case": _CASE_AT,
        "records": f"{_STAGE_AT}/records",
        "remarks": f"{_STAGE_AT}/remarks",
    },
}
_STAGE: Final[Example] = {
    **_SUMMARY,
    "case_id": CASE,
    "offered_unit_id": None,
    "officer_id": OFFICER,
    "deputy_id": DEPUTY,
    "opened_by": "compulsory_school_age",
    "opened_at": _AT,
    "routed_at": _AT,
    "begun_at": None,
    "ended_at": None,
    "due": {
        "at": _DUE,
        "provisional": False,
        "clock": "stage_begin",
        "text": CLOCKS["stage_begin"].text.zh,
        "source": CLOCKS["stage_begin"].source,
        "verified": CLOCKS["stage_begin"].verified,
    },
    "articles": list(_MANDATE.articles),
    "accountable": _LEAD,
    "leads": [str(agency) for agency in _MANDATE.leads],
    "cooperating": [str(agency) for agency in _MANDATE.cooperating],
    "attached_units": [],
    "invited_units": [],
    "blockers": [],
    "available_actions": _actions(),
    "record_kinds_open_to_you": list(RECORD_KINDS[_CODE]),
    "victim": _VICTIM,
    "_redacted": [],
}
_RECORD: Final[Example] = {
    "id": RECORD,
    "stage_id": STAGE,
    "kind": "enrolment",
    "kind_name": record_kind_name(_CODE, "enrolment").zh,
    "unit_id": UNIT,
    "agency": _LEAD,
    "account_id": OFFICER,
    "happened_at": _AT,
    "recorded_at": _LATER,
    "body": {"enrolled_on": "2026-03-12", "school": "示例小学", "grade": "grade_6", "free_of_charge": True, "happened_at": _AT},
    "links": {"stage": _STAGE_AT},
    "_redacted": [],
}  # fmt: skip
_DIFFICULTY: Final[Example] = {
    "id": RECORD,
    "happened_at": _AT,
    "description": "孩子转学手续办不下来，需要帮助",
    "stage": str(_CODE),
    "stage_id": STAGE,
    "state": str(StageState.ACCEPTED),
    "state_name": STATE_NAMES[StageState.ACCEPTED].zh,
    "solved": False,
    "links": {"follow_up": f"/follow_up/{STAGE}", "stage": _STAGE_AT},
    "_redacted": [],
}
_REMARK: Final[Example] = {
    "entry_id": example_id(0x20),
    "action": "send_back",
    "recorded_at": _LATER,
    "unit_id": UNIT,
    "said": {"reason": "information_missing", "missing": ["就读年级"]},
    "_redacted": [],
}
_CASE_LINE: Final[Example] = {
    "id": CASE,
    "version": 16,
    "number": "2026-032-2474-1",
    "state": "open",
    "round": 1,
    "place_id": PLACE,
    "owner_unit_id": POLICE,
    "owner_agency": str(_DUTY),
    "opened_at": _AT,
    "closed_at": None,
    "closing_reason": None,
    "erased_at": None,
    "edition": EDITION,
    "links": {
        "self": _CASE_AT,
        "victims": f"{_CASE_AT}/victims",
        "stages": f"{_CASE_AT}/stages",
        "timeline": f"{_CASE_AT}/timeline",
    },
    "_redacted": [],
}
_HAND_OVER: Final[Example] = {
    "action": "hand_over",
    "by": ["owner"],
    "agencies": [str(_DUTY)],
    "articles": [],
    "open_to_you": True,
    "link": f"{_CASE_AT}/hand_over",
}
_CASE: Final[Example] = {
    **_CASE_LINE,
    "phase": "investigation",
    "phase_name": STAGE_NAMES[StageCode.INVESTIGATION].zh,
    "offered_unit_id": None,
    "victims": [VICTIM],
    "stages": [_SUMMARY],
    "available_actions": [_HAND_OVER],
}
_APPROVAL: Final[Example] = {
    "id": APPROVAL,
    "version": 1,
    "machine": "case",
    "subject_id": CASE,
    "action": "close",
    "state": "asked",
    "asked_by_unit_id": POLICE,
    "approver_unit_id": UNIT,
    "asked_at": _AT,
    "decided_at": None,
    "links": {"self": f"/approvals/{APPROVAL}", "about": _CASE_AT},
}
CASEWORK: Final[Mapping[str, Example]] = {
    "ApprovalAnswer": {**_APPROVAL, "reason": "各阶段均已结束，本人状况稳定", "_redacted": []},
    "ApprovalLine": _APPROVAL,
    "ApprovalList": listing("/approvals", _APPROVAL),
    "CaseAnswer": _CASE,
    "CaseList": listing("/cases", _CASE_LINE, next="/cases?limit=1&after=bWFyaw"),
    "ConflictAnswer": CONFLICT_IN_FORCE,
    "ConflictList": listing(f"{_CASE_AT}/conflicts", CONFLICT_IN_FORCE, case=_CASE_AT),
    "DifficultyList": listing(f"/follow_up/{STAGE}/difficulties", _DIFFICULTY, stage=f"/follow_up/{STAGE}"),
    "GuardianAttemptAnswer": GUARDIAN_ATTEMPT,
    "Inbox": {"tray": "all", "at": _LATER, **listing("/inbox", _SUMMARY, next="/inbox?tray=all&limit=1&after=bWFyaw")},
    "RecordAnswer": _RECORD,
    "RecordList": {**listing(f"{_STAGE_AT}/records", _RECORD, stage=_STAGE_AT), "_redacted": []},
    "RemarkList": listing(f"{_STAGE_AT}/remarks", _REMARK, stage=_STAGE_AT),
    "StageAnswer": _STAGE,
    "StageList": listing(f"{_CASE_AT}/stages", _SUMMARY, case=_CASE_AT),
    "VictimAnswer": _VICTIM,
    "VictimList": listing(f"{_CASE_AT}/victims", _VICTIM, case=_CASE_AT),
}  # fmt: skip
