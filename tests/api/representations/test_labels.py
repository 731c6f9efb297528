"""Every field of everything that leaves over HTTP carries a label, and what is narrow can be withheld by name."""

import inspect
from collections.abc import Iterator
from typing import Any, Final

import pytest

from api.openapi_problems import OWN_SCHEMAS
from api.representations.answers import EXPLAINED, Answer, Guarded, Revision, answers_in, labels_of, reachable
from api.routes import ROUTERS
from domain.compartments import Compartment
from domain.labels import Label, Level
from tests import who_reads_what as expected
from tests.api.contract import COMPONENTS, JSON, OPERATIONS, ROUTES, resolved

PUBLIC_BY_HAND: Final = {
    "report_publicly", "report_as_a_child", "read_receipt", "complain_about_report", "question_office", "read_clocks",
    "list_places", "read_policy", "list_problems", "read_problem", "sign_in", "read_public_keys", "read_liveness",
    "read_readiness", "refresh_session", "new_nonce", "sign_in_from_elsewhere", "sign_client_in", "read_server_metadata",
    "enter_door", "list_checkpoints", "read_latest_checkpoint", "list_log_keys", "prove_consistency",
}  # fmt: skip


def answers_of_routes() -> set[type[Answer]]:
    """Every answer that a route may give, and every answer inside one."""
    given = {one for route in ROUTES.values() for one in answers_in(route.response_model)}
    return {part for one in (*given, *OWN_SCHEMAS) for part in reachable(one)}


ANSWERS: Final = sorted(answers_of_routes(), key=lambda answer: answer.__name__)


def by_name(name: str) -> type[Answer]:
    (found,) = [answer for answer in ANSWERS if answer.__name__ == name]
    return found


def test_the_walk_reaches_what_the_description_names() -> None:
    described = {
        name
        for operation in OPERATIONS.values()
        for status, answer in operation[2]["responses"].items()
        if status.startswith("2")
        for name in _schemas_in(resolved(answer).get("content", {}).get(JSON, {}).get("schema", {}))
    }
    assert len(described) > 60
    shapes = {name for name in described if "properties" in COMPONENTS["schemas"][name]}
    assert shapes <= {answer.__name__ for answer in ANSWERS}
    assert len(list(ROUTERS)) > 20


def _schemas_in(schema: Any) -> Iterator[str]:
    waiting, seen = [schema], set()
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting += part
        if isinstance(part, dict):
            waiting += [value for key, value in part.items() if key not in ("examples", "x-label")]
            name = str(part.get("$ref", "")).rpartition("/")[2]
            if name and name not in seen:
                seen.add(name)
                yield name
                waiting.append(COMPONENTS["schemas"][name])


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.__name__)
def test_every_field_has_a_label_and_every_class_states_its_own(answer: type[Answer]) -> None:
    for cls in answer.__mro__:
        if issubclass(cls, Answer) and cls is not Answer and inspect.get_annotations(cls):
            assert isinstance(cls.__dict__.get("LABEL"), Label), f"{cls.__name__} states no label"
    labels = labels_of(answer)
    assert {name for name, _key, _label in labels} == set(answer.model_fields)
    for name, _key, label in labels:
        stated = [label.compartment is not None, label.members is not None]
        assert sum(stated) <= 1, name
        assert label.narrow or not any(stated), f"{name}: a compartment says nothing beside {label.level}"
        if label.level is Level.RESTRICTED:
            assert isinstance(label.compartment, Compartment), f"{name} is restricted to nowhere"


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.__name__)
def test_the_narrow_fields_are_those_that_were_written_down_by_hand(answer: type[Answer]) -> None:
    found = {}
    for _name, key, label in labels_of(answer):
        if label.members is not None:
            found[key] = "by member"
        elif label.narrow and label.compartment is None:
            found[key] = "of the content"
        elif label.narrow:
            found[key] = f"{'elsewhere: ' if label.elsewhere else ''}{label.compartment}"
    assert found == expected.FIELDS.get(answer.__name__, {})


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.__name__)
def test_what_can_be_withheld_is_named_and_not_required(answer: type[Answer]) -> None:
    narrow = {key for _name, key, label in labels_of(answer) if label.narrow}
    if not narrow:
        return
    assert issubclass(answer, Guarded), "where would it be named?"
    for name in _names_of(answer):
        schema = COMPONENTS["schemas"][name]
        assert not narrow & set(schema["required"])
        assert "_redacted" in schema["required"]
        assert EXPLAINED in schema["properties"]
        assert EXPLAINED not in schema["required"]
        assert {key for key, one in schema["properties"].items() if "x-label" in one} == narrow


def _names_of(answer: type[Answer]) -> list[str]:
    found = [name for name in COMPONENTS["schemas"] if name == answer.__name__]
    assert found, answer.__name__
    return found


def test_everything_in_what_anyone_is_answered_is_public_and_nothing_else_is() -> None:
    public = {name for name, route in ROUTES.items() if _all_public(route.response_model)}
    signed_in_and_public = public - PUBLIC_BY_HAND
    assert public >= PUBLIC_BY_HAND, PUBLIC_BY_HAND - public
    # places are public, and the others answer with nothing at all, or with a receipt
    assert signed_in_and_public <= {
        "add_place", "sign_out", "read_workflow_picture", "file_report", "change_password", "end_other_sessions",
        "link_identity", "unlink_identities", "leave_door", "say_own_willingness", "read_latest_note",
        # leaves line by line, each through the same exit as an entry on the screen
        "export_timeline", "export_bundle",
    }  # fmt: skip


def _all_public(model: Any) -> bool:
    answers = {part for one in answers_in(model) for part in reachable(one)}
    return all(label.level is Level.PUBLIC for one in answers for _name, _key, label in labels_of(one))


def test_a_revision_has_no_field_but_those_of_its_section() -> None:
    assert not Revision.model_fields
    assert by_name("PersonHistory").model_fields.keys() >= {"items", "links"}
