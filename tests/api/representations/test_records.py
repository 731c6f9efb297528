"""Every kind of record has one body; bodies hold what the work needs and none of what must never be held."""

import copy
import json
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import get_args, get_origin

import pytest
from pydantic import JsonValue, ValidationError
from pydantic.json_schema import models_json_schema

from api.representations.records import RECORD_BODIES, RecordBody
from api.representations.records.choices import CareDestination, ExitDestination
from api.representations.records.family_tracing import IdentitySource
from api.representations.records.shelter import CarePlace
from api.representations.rules import RULE_TEXTS
from domain.stages import RECORD_KINDS, StageCode

BODIES = [
    pytest.param(stage, body, id=f"{stage}-{kind}")
    for stage, kinds in RECORD_BODIES.items()
    for kind, body in kinds.items()
]

FORBIDDEN = re.compile(
    r"(^|_)(ethnic|nation|race|tribe|accent|origin|birthplace|native|hometown|relig|faith|belief|church|mosque"
    r"|party|politic|loyal|ideolog|biometr|finger|print|face|facial|dna|gene|iris|retina|voice|blood|photo|image"
    r"|video|gps|location|latitude|longitude|coordinate|route|imei|device|ip$|trac[ek]|watch|blacklist|target"
    r"|score|rating|rank|risk|stability|threat|danger|crim|convict|offence|prior|diagnos|symptom|clinical"
    r"|medication|testimony|statement|password)"
)


def example_of(body: type[RecordBody]) -> dict[str, JsonValue]:
    extra = body.model_config["json_schema_extra"]
    assert isinstance(extra, dict)
    examples = extra["examples"]
    assert isinstance(examples, list)
    assert len(examples) == 1
    assert isinstance(examples[0], dict)
    return copy.deepcopy(examples[0])


def body_of(stage: str, kind: str) -> type[RecordBody]:
    return RECORD_BODIES[StageCode(stage)][kind]


def error_of(body: type[RecordBody], sent: Mapping[str, object]) -> ValidationError | None:
    try:
        body.model_validate(sent)
    except ValidationError as error:
        return error
    return None


def broken_rules(body: type[RecordBody], **changes: object) -> list[tuple[str, str]]:
    """Which field breaks which rule when the example is changed; a change to `...` leaves the field out."""
    sent = {name: value for name, value in {**example_of(body), **changes}.items() if value is not ...}
    error = error_of(body, sent)
    found = error.errors() if error is not None else []
    return [(".".join(map(str, each["loc"])), each["type"]) for each in found]


def choices_of(body: type[RecordBody]) -> Iterator[tuple[str, bool]]:
    """The fields with a closed list, and whether they take several of its codes."""
    for name, field in body.model_fields.items():
        kinds = [field.annotation, *get_args(field.annotation)]
        if any(isinstance(kind, type) and issubclass(kind, StrEnum) for kind in kinds):
            yield name, get_origin(field.annotation) is tuple


def test_every_kind_of_record_has_a_body_and_nothing_more() -> None:
    assert {stage: tuple(kinds) for stage, kinds in RECORD_BODIES.items()} == {
        stage: kinds for stage, kinds in RECORD_KINDS.items() if stage is not StageCode.REPORT
    }


def test_no_two_kinds_share_a_body_or_a_name() -> None:
    names = [body.__name__ for kinds in RECORD_BODIES.values() for body in kinds.values()]
    assert len(set(names)) == len(names)


def test_the_names_stay_short_in_the_api_description() -> None:
    bodies = [body for kinds in RECORD_BODIES.values() for body in kinds.values()]
    _, schema = models_json_schema([(body, "validation") for body in bodies])
    assert not [name for name in schema["$defs"] if "__" in name]


@pytest.mark.parametrize(("stage", "body"), BODIES)
def test_the_example_is_valid_and_comes_back_the_same(stage: StageCode, body: type[RecordBody]) -> None:
    first = body.model_validate(example_of(body))
    stored = json.loads(first.model_dump_json())
    assert stored == first.model_dump(mode="json"), stage
    assert body.model_validate(stored) == first


@pytest.mark.parametrize(("stage", "body"), BODIES)
def test_the_example_shows_every_field_that_is_required(stage: StageCode, body: type[RecordBody]) -> None:
    shown = example_of(body)
    for name, field in body.model_fields.items():
        if field.is_required():
            assert name in shown, stage
            assert (name, "missing") in broken_rules(body, **{name: ...})


@pytest.mark.parametrize(("stage", "body"), BODIES)
def test_a_record_says_when_it_happened_and_never_tomorrow(stage: StageCode, body: type[RecordBody]) -> None:
    assert broken_rules(body, happened_at=...) == [("happened_at", "missing")], stage
    assert broken_rules(body, happened_at="2099-01-01T00:00:00Z") == [("happened_at", "moment_in_future")]


@pytest.mark.parametrize(("stage", "body"), BODIES)
def test_a_closed_list_refuses_a_code_that_is_not_on_it(stage: StageCode, body: type[RecordBody]) -> None:
    for name, several in choices_of(body):
        for value in ("nobody_knows_this", "", 1, True, ["yes"]):
            found = broken_rules(body, **{name: [value] if several else value})
            assert (f"{name}.0" if several else name, "enum") in found, stage
            assert not several or len(found) == 1


@pytest.mark.parametrize(("stage", "body"), BODIES)
def test_an_unknown_field_is_refused(stage: StageCode, body: type[RecordBody]) -> None:
    assert broken_rules(body, ethnicity="x") == [("ethnicity", "extra_forbidden")], stage


@pytest.mark.parametrize(("stage", "body"), BODIES)
def test_no_field_holds_what_must_never_be_held(stage: StageCode, body: type[RecordBody]) -> None:
    for name in body.model_fields:
        assert not FORBIDDEN.search(name), stage


@pytest.mark.parametrize(
    "name",
    [
        "ethnicity",
        "religion",
        "dna_profile",
        "fingerprint",
        "face_image",
        "voiceprint",
        "political_status",
        "risk_score",
        "stability_level",
        "tracking",
        "relatives_criminal_history",
        "last_location",
    ],
)
def test_the_check_for_forbidden_fields_would_see_one(name: str) -> None:
    assert FORBIDDEN.search(name)


@pytest.mark.parametrize(("stage", "body"), BODIES)
def test_an_error_never_repeats_the_value_and_has_a_text(stage: StageCode, body: type[RecordBody]) -> None:
    for name in body.model_fields:
        for value in ("绝密\x00示例", {"绝密": 1}, ["绝密示例"], "绝密示例"):
            error = error_of(body, {**example_of(body), name: value})
            if error is not None:
                assert "绝密" not in f"{error} {error!r} {error.errors(include_input=False)}", stage
                assert {each["type"] for each in error.errors()} <= RULE_TEXTS.keys()


@pytest.mark.parametrize(("stage", "body"), BODIES)
def test_no_text_is_without_a_longest_length(stage: StageCode, body: type[RecordBody]) -> None:
    for part in _parts(body.model_json_schema()):
        if part.get("type") == "string" and "enum" not in part and "const" not in part:
            assert "maxLength" in part, stage
        if part.get("type") == "array" and "items" in part:
            assert "maxItems" in part, stage
        if part.get("type") == "integer" and "enum" not in part:
            assert {"minimum", "maximum"} <= part.keys(), stage


def _parts(schema: object) -> Iterator[Mapping[str, object]]:
    if isinstance(schema, dict):
        yield schema
        for name, value in schema.items():
            if name not in ("examples", "default"):
                yield from _parts(value)
    if isinstance(schema, list):
        for value in schema:
            yield from _parts(value)


@pytest.mark.parametrize(("stage", "body"), BODIES)
def test_an_address_is_secret_and_says_so_in_the_description(
    stage: StageCode, body: type[RecordBody]
) -> None:
    places = {name for name in body.model_fields if re.search(r"(^|_)(address|place)$", name)}
    assert body.secret_fields() == places, stage
    for name in places:
        assert "x-secret" in json.dumps(body.model_json_schema()["properties"][name])


@pytest.mark.parametrize(
    "place",
    ["police_station", "detention", "compulsory_treatment", "training_centre", "correctional", "prison"],
)
def test_nobody_is_placed_where_people_are_locked_in(place: str) -> None:
    body = body_of("shelter", "placement")
    assert broken_rules(body, care=place) == [("care", "enum"), *broken_rules(body, care=place)[1:]]
    assert set(CarePlace) == {
        "relief_station",
        "minors_protection_centre",
        "child_welfare_institution",
        "womens_shelter",
        "hospital",
        "kin_care",
        "foster_care",
    }


NEEDED = [
    ("investigation", "filing_decision", {"decision": "filed"}, "number"),
    ("investigation", "filing_decision", {"decision": "not_filed"}, "reason"),
    ("investigation", "reconsideration", {"asked_on": None}, "outcome"),
    ("investigation", "proceeding_reference", {"status": "transferred"}, "transferred_to"),
    ("rescue", "rescue_plan", {"interpreter": True}, "language"),
    ("shelter", "placement", {"care": "foster_care"}, "carer_checked"),
    ("shelter", "review", {"outcome": "stay"}, "next_review_on"),
    ("medical_care", "attendance", {"attended": True}, "attended_on"),
    ("medical_care", "attendance", {"attended": False}, "reason"),
    ("medical_care", "disability_grading", {"status": "certified"}, "level"),
    ("medical_care", "disability_grading", {"status": "certified"}, "certificate"),
    ("family_tracing", "tracing_notice", {"published": True}, "published_on"),
    ("family_tracing", "tracing_notice", {"published": False}, "reason"),
    ("family_tracing", "sample_request", {"sampled": True}, "sampled_on"),
    ("family_tracing", "match_report", {"matched": True}, "number"),
    ("family_tracing", "reunion_assessment", {"outcome": "refused"}, "reason"),
    ("household_registration", "benefit_decision", {"outcome": "refused"}, "reason"),
    ("rights_support", "aid_decision", {"outcome": "refused"}, "reason"),
    ("rights_support", "protection_order", {"status": "granted"}, "valid_until"),
    ("reintegration_support", "review", {"outcome": "continue"}, "next_review_on"),
    ("guardianship", "guardian_status", {"status": "adoption"}, "number"),
    ("guardianship", "court_order", {"harmed_the_ward": "yes"}, "relation"),
    ("repatriation", "embassy_contact", {"data_sent_abroad": True}, "export_assessment_reference"),
    ("repatriation", "voluntary_return", {"data_sent_abroad": True}, "export_assessment_reference"),
    ("repatriation", "travel_document", {"status": "issued"}, "number"),
]


@pytest.mark.parametrize(("stage", "kind", "answer", "needed"), NEEDED)
@pytest.mark.parametrize("left_out", [..., None])
def test_one_answer_can_make_another_field_necessary(
    stage: str, kind: str, answer: dict[str, object], needed: str, left_out: object
) -> None:
    assert broken_rules(body_of(stage, kind), **answer, **{needed: left_out}) == [(needed, "needed_here")]


@pytest.mark.parametrize(
    ("stage", "kind", "changes"),
    [
        ("investigation", "filing_decision", {"decision": "not_filed", "number": ..., "reason": "证据不足"}),
        ("investigation", "reconsideration", {"asked_on": "2026-03-05", "outcome": ..., "number": ...}),
        ("investigation", "reconsideration", {"asked_on": ..., "outcome": "upheld"}),
        ("medical_care", "disability_grading", {"status": "not_wanted", "level": ..., "certificate": ...}),
        ("family_tracing", "sample_request", {"sampled": False, "sampled_on": ...}),
        ("family_tracing", "match_report", {"matched": False, "number": ..., "relation": ...}),
        ("shelter", "placement", {"care": "womens_shelter", "carer_checked": ...}),
        ("guardianship", "guardian_status", {"status": "conflict", "reason": ..., "review_on": ...}),
    ],
)
def test_what_the_answer_does_not_ask_for_may_be_left_out(
    stage: str, kind: str, changes: dict[str, object]
) -> None:
    assert broken_rules(body_of(stage, kind), **changes) == []


@pytest.mark.parametrize(
    ("stage", "kind", "field"),
    [
        ("family_tracing", "sample_request", "sampled_on"),
        ("family_tracing", "tracing_notice", "ends_on"),
        ("schooling", "school_transfer", "starts_on"),
        ("employment", "training", "ends_on"),
    ],
)
def test_the_later_day_does_not_come_first(stage: str, kind: str, field: str) -> None:
    assert broken_rules(body_of(stage, kind), **{field: "2020-01-01"}) == [(field, "dates_in_wrong_order")]


@pytest.mark.parametrize(
    ("stage", "kind", "field"),
    [
        ("schooling", "enrolment", "enrolled_on"),
        ("schooling", "attendance_check", "checked_on"),
        ("employment", "placement", "started_on"),
        ("employment", "private_check", "checked_on"),
    ],
)
def test_a_day_that_a_stage_can_end_on_is_never_in_the_future(stage: str, kind: str, field: str) -> None:
    assert broken_rules(body_of(stage, kind), **{field: "2099-01-01"}) == [(field, "date_in_future")]


def test_contact_is_planned_for_each_month_once_and_in_order() -> None:
    plan = body_of("follow_up", "contact_plan")
    assert broken_rules(plan, months=[1, 3, 3]) == [("months", "months_repeated")]
    assert broken_rules(plan, months=[]) == [("months", "too_short")]
    assert broken_rules(plan, months=[0]) == [("months.0", "greater_than_equal")]
    assert broken_rules(plan, months=[25]) == [("months.0", "less_than_equal")]
    assert broken_rules(plan, months=[True]) == [("months.0", "int_type")]
    assert broken_rules(plan, months="1") == [("months", "tuple_type")]
    sent = example_of(plan)
    assert plan.model_validate({**sent, "months": [12, 1]}).model_dump(mode="json")["months"] == [1, 12]
    del sent["months"]
    assert plan.model_validate(sent).model_dump(mode="json")["months"] == [1, 3, 6, 12]


@pytest.mark.parametrize("months", [True, 1.0, "12", 2, None])
def test_the_certificate_covers_one_month_or_twelve(months: object) -> None:
    body = body_of("family_tracing", "not_found_certificate")
    assert [field for field, _ in broken_rules(body, months=months)] == ["months"]


def test_an_identity_check_has_no_room_for_contacting_a_relative() -> None:
    body = body_of("family_tracing", "identity_check")
    assert set(body.model_fields) == {"happened_at", "outcome", "sources"}
    assert set(IdentitySource) == {
        *("own_account", "own_papers", "household_register", "missing_persons_register", "school_register")
    }


def words_of(body: type[RecordBody]) -> set[str]:
    """Every field and every code of a record."""
    schema = body.model_json_schema()
    codes = {str(code) for part in _parts(schema) for code in _listed(part.get("enum"))}
    return {*schema["properties"], *codes}


def _listed(codes: object) -> list[object]:
    return codes if isinstance(codes, list) else []


def test_a_paper_of_a_claimant_has_no_place_anywhere() -> None:
    words = {word for kinds in RECORD_BODIES.values() for body in kinds.values() for word in words_of(body)}
    assert "match_report" in words
    assert not [word for word in words if re.search(r"patern|kinship|claimant", word)]


LOCKED = re.compile(r"police_station|detention|compulsory|correction|prison|training_cent|custodial|lockup")
FORCED = re.compile(r"compel|compuls|restrain|forced|involuntary|steril|abort|contracept|commit")
KEPT = re.compile(r"(^|_)(fee|fees|work_duty|labour|papers_held|documents_held|deposit|payment)($|_)")


@pytest.mark.parametrize("stage", ["shelter", "medical_care"])
def test_care_neither_locks_in_nor_compels_nor_takes_anything(stage: str) -> None:
    for kind, body in RECORD_BODIES[StageCode(stage)].items():
        for word in words_of(body):
            assert not any(rule.search(word) for rule in (LOCKED, FORCED, KEPT)), kind


@pytest.mark.parametrize(
    ("rule", "word"),
    [
        (LOCKED, "police_station"),
        (LOCKED, "compulsory_treatment"),
        (FORCED, "sterilised"),
        (KEPT, "daily_fee"),
    ],
)
def test_the_check_for_compulsion_would_see_it(rule: re.Pattern[str], word: str) -> None:
    assert rule.search(word)


def test_only_somebody_who_left_can_be_absent() -> None:
    planned, gone_to = {str(code) for code in CareDestination}, {str(code) for code in ExitDestination}
    assert gone_to == planned | {"absent"}
    assert "absent" not in planned


def test_a_need_is_named_once() -> None:
    body = body_of("medical_care", "accommodation_need")
    assert broken_rules(body, needs=["interpreter", "interpreter"]) == [("needs", "items_repeated")]
    assert broken_rules(body, needs=[]) == [("needs", "too_short")]
    assert broken_rules(body, needs=["nobody_knows_this"]) == [("needs.0", "enum")]


def test_medical_records_hold_no_free_text_but_the_hospital_and_the_certificate() -> None:
    texts = {
        name
        for body in RECORD_BODIES[StageCode.MEDICAL_CARE].values()
        for name, shape in body.model_json_schema()["properties"].items()
        if any(part.get("type") == "string" and "format" not in part for part in _parts(shape))
    }
    assert texts == {"facility", "certificate"}
