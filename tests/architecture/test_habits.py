"""The habits of the house, checked on the source itself."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for folder in ("api", "domain", "services") for path in (ROOT / folder).rglob("*.py"))
# tables may be long, logic may not
TABLES = {
    "domain/clocks.py",
    "domain/clock_starts.py",
    "domain/articles.py",
    "domain/disclosure_table.py",
    "domain/workflow.py",
    "api/problems.py",
    "api/representations/rules.py",
}
# what somebody copies away alone is one file, whatever its length: the verifier of bundles imports nothing of ours
COPIED_AWAY = {"api/verify_bundle.py"}
LONGEST_FILE, LONGEST_FUNCTION = 300, 40


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_every_module_begins_with_one_line_that_says_what_it_is(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert docstring, "a module needs its line"


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_files_and_functions_stay_small(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").count("\n")
    assert name_of(path) in TABLES | COPIED_AWAY or lines <= LONGEST_FILE
    lengths = {
        function.name: (function.end_lineno or 0) - function.lineno + 1 for function in functions(path)
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION} == {}


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_no_class_is_named_after_having_no_name(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"^class \w*(Manager|Service|Handler|Helper|Util|Utils)\b", text, re.MULTILINE)
    assert path.stem not in {"utils", "helpers", "common", "base", "manager"}


def test_only_the_transaction_commits() -> None:
    found = [
        name_of(p) for p in SOURCES if re.search(r"\.(commit|rollback)\(\)", p.read_text(encoding="utf-8"))
    ]
    assert [name for name in found if name != "services/database.py"] == []


def test_nothing_counts_all_rows_or_skips_them() -> None:
    for path in SOURCES:
        assert not re.search(r"\.offset\(|count\(\*\)|func\.count\(", path.read_text(encoding="utf-8")), (
            name_of(path)
        )


def test_no_relationship_loads_by_itself() -> None:
    assert [name_of(p) for p in SOURCES if "relationship(" in p.read_text(encoding="utf-8")] == []


def test_http_exceptions_are_never_raised_by_us() -> None:
    assert [
        name_of(p) for p in SOURCES if re.search(r"raise HTTPException", p.read_text(encoding="utf-8"))
    ] == []


def test_no_route_or_service_names_a_responsible_agency_by_itself() -> None:
    """The policy's tables say whose a stage is; demonstration accounts aside, no code below them repeats it."""
    named = re.compile(r"Agency\.(?!OFFICE)[A-Z]+\b")
    outside = [
        p for p in SOURCES if not name_of(p).startswith(("domain/", "services/demo", "services/records"))
    ]
    assert {name_of(p) for p in outside if named.search(p.read_text(encoding="utf-8"))} == set()


CHANGES_STATES = {
    "stage": {"services/stages.py", "services/openings.py"},
    "case": {"services/cases.py", "services/stage_effects.py"},
    "report": {"services/report_moves.py"},
    "consent": {"services/consents.py", "services/consent_endings.py"},
    "what has no machine": {
        "services/approvals.py", "services/conflict_decisions.py", "services/conflicts.py", "services/merges.py",
        "services/request_answers.py", "services/moving_up.py",
    },
}  # fmt: skip


def test_a_state_is_changed_where_the_machines_are_carried_out_and_nowhere_else() -> None:
    changed = re.compile(r"\b(?:stage|case|report|row)\.state(?:, [\w., ]+)? = ")
    found = {name_of(p) for p in SOURCES if changed.search(p.read_text(encoding="utf-8"))}
    assert found == set().union(*CHANGES_STATES.values())


@pytest.mark.parametrize("folder", ["api", "domain", "services", "tests"])
def test_a_day_is_that_of_the_place_where_the_agencies_work_and_is_taken_in_one_place(folder: str) -> None:
    # from four in the afternoon on, the day of an instant in UTC is yesterday's there
    found = [
        name_of(path)
        for path in sorted((ROOT / folder).rglob("*.py"))
        if name_of(path) != "domain/people.py" and re.search(r"\.date\(\)", path.read_text(encoding="utf-8"))
    ]
    assert found == []
