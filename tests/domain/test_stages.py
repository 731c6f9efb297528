"""The stages, their states and their kinds of record, each with a name in both languages."""

import pytest

from domain.stages import (
    ENDED_STATES,
    OPEN_STATES,
    RECORD_KIND_NAMES,
    RECORD_KINDS,
    STAGE_NAMES,
    STATE_NAMES,
    StageCode,
    StageState,
    record_kind_name,
)

KINDS = {
    "report": "",
    "investigation": (
        "acceptance filing_decision finding interview rapid_search reconsideration higher_review "
        "prosecutor_demand withdrawn proceeding_reference"
    ),
    "rescue": "rescue_plan rescue_carried_out handover",
    "shelter": "admission escort placement review exit_plan exit",
    "medical_care": (
        "appointment attendance accommodation_need psychological_support disability_grading discharge"
    ),
    "family_tracing": (
        "identity_check tracing_notice sample_request match_report reunion_assessment reunion "
        "support_duty not_found_certificate"
    ),
    "household_registration": "dossier submission registration benefit_decision appeal",
    "schooling": "placement_assessment place_confirmed enrolment attendance_check school_transfer",
    "employment": "assessment training job_offer placement private_check stopped",
    "rights_support": (
        "rights_information aid_application aid_decision lawyer_assigned claim protection_order claim_closed"
    ),
    "reintegration_support": "goals review help_given",
    "guardianship": "guardian_status family_assessment child_view court_order family_education",
    "repatriation": (
        "interpreter status_explained own_request embassy_contact return_risk_assessment "
        "travel_document voluntary_return reception handover alternative_status"
    ),
    "follow_up": "contact_plan contact difficulty ended",
}
OPEN = ["planned", "routed", "returned", "accepted", "active", "on_hold"]
ENDED = ["completed", "declined", "not_applicable", "closed_unmet"]
# What no record of a person may ever be about: the beginnings of words in the name of a kind.
FORBIDDEN = (
    *("ethnic", "religio", "biometr", "fingerprint", "dna", "face", "voice", "politic"),
    *("score", "stability", "location", "gps", "tracking", "watch"),
)


@pytest.mark.parametrize("stage", KINDS)
def test_a_stage_keeps_exactly_its_kinds_of_record(stage: str) -> None:
    assert RECORD_KINDS[StageCode(stage)] == tuple(KINDS[stage].split())


def test_there_are_fourteen_stages_in_the_order_of_the_way_home() -> None:
    assert [stage.value for stage in StageCode] == list(KINDS)
    assert list(RECORD_KINDS) == list(StageCode)
    assert len(StageCode) == 14


def test_every_state_is_either_open_or_ended() -> None:
    assert [state.value for state in StageState] == OPEN + ENDED
    assert {state.value for state in OPEN_STATES} == set(OPEN)
    assert {state.value for state in ENDED_STATES} == set(ENDED)


def test_every_stage_and_state_has_a_name_of_its_own_in_both_languages() -> None:
    assert list(STAGE_NAMES) == list(StageCode)
    assert list(STATE_NAMES) == list(StageState)
    for names in (list(STAGE_NAMES.values()), list(STATE_NAMES.values())):
        assert len({name.zh for name in names}) == len({name.en for name in names}) == len(names)
        assert all(not name.zh.isascii() and name.en.isascii() and name.en for name in names)


@pytest.mark.parametrize(
    ("stage", "kind"), [(stage, kind) for stage, kinds in RECORD_KINDS.items() for kind in kinds]
)
def test_every_kind_of_record_has_a_label_in_both_languages(stage: StageCode, kind: str) -> None:
    label = record_kind_name(stage, kind)
    assert label.zh
    assert not label.zh.isascii()
    assert label.en.isascii()


def test_no_label_is_left_without_a_kind_of_record() -> None:
    kinds = {kind for kinds in RECORD_KINDS.values() for kind in kinds}
    pairs = {(stage, kind) for stage, kinds in RECORD_KINDS.items() for kind in kinds}
    assert set(RECORD_KIND_NAMES) <= kinds | pairs


def test_two_kinds_of_one_stage_never_share_a_label() -> None:
    for stage, kinds in RECORD_KINDS.items():
        labels = [record_kind_name(stage, kind) for kind in kinds]
        assert len({label.zh for label in labels}) == len({label.en for label in labels}) == len(kinds)


def test_starting_work_is_not_called_by_the_word_for_finding_shelter() -> None:
    assert record_kind_name(StageCode.SHELTER, "placement").zh == "安置"
    assert record_kind_name(StageCode.EMPLOYMENT, "placement").zh == "上岗"


def test_a_kind_that_a_stage_does_not_keep_has_no_label_there() -> None:
    with pytest.raises(KeyError, match="schooling"):
        record_kind_name(StageCode.SCHOOLING, "job_offer")


def test_no_kind_of_record_collects_what_is_never_collected() -> None:
    words = {word for kinds in RECORD_KINDS.values() for kind in kinds for word in kind.split("_")}
    assert not [word for word in words if word.startswith(FORBIDDEN)]
