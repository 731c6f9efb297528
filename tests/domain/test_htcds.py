"""The table to the Human Trafficking Case Data Standard: every choice of ours has its code there, and none twice."""

from collections import Counter
from enum import StrEnum

import pytest

from domain.compartments import PERSON_FIELDS
from domain.htcds import HTCDS, HtcdsField
from domain.people import Identification
from domain.person_codes import (
    Control,
    DecidedBy,
    Education,
    ExploitationType,
    Gender,
    MaritalStatus,
    Recruitment,
    TraffickerRelation,
)

LISTS: dict[str, type[StrEnum]] = {
    "gender": Gender,
    "marital_status": MaritalStatus,
    "education": Education,
    "status": Identification,
    "decided_by": DecidedBy,
    "types": ExploitationType,
    "methods_of_control": Control,
    "method_of_recruitment": Recruitment,
    "relationship_to_trafficker": TraffickerRelation,
}
# how many choices the standard's list has; of control, its definitions name two more than its list
SIZES = {
    "gender": 6,
    "marital_status": 6,
    "education": 9,
    "status": 3,
    "decided_by": 5,
    "types": 11,
    "methods_of_control": 18,
    "method_of_recruitment": 10,
    "relationship_to_trafficker": 3,
}


@pytest.mark.parametrize("row", HTCDS, ids=lambda row: row.htcds)
def test_a_row_names_a_field_that_we_keep_and_a_code_for_each_of_its_choices(row: HtcdsField) -> None:
    assert row.name in PERSON_FIELDS[row.section]
    assert set(row.codes) == set(LISTS.get(row.name, ()))
    assert len(set(row.codes.values())) == len(row.codes) == SIZES.get(row.name, 0)


def test_no_name_of_the_standard_stands_twice_and_none_of_its_withdrawn_ones_at_all() -> None:
    assert max(Counter(row.htcds for row in HTCDS).values()) == 1
    withdrawn = {"AgreementToManagePersonalData", "Vulnerabilities", "DetailsOfVulnerabilities"}
    assert withdrawn.isdisjoint(row.htcds.partition("_")[2] for row in HTCDS)


def test_the_two_methods_that_the_standard_defines_and_forgot_to_list_are_there() -> None:
    (control,) = [row for row in HTCDS if row.name == "methods_of_control"]
    assert {"RestrictsMovement", "UsesChildren"} <= set(control.codes.values())
