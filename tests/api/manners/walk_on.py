"""The walk through all that can be read of a case."""

from tests.api.manners.casework import Case
from tests.api.manners.walk import Walk


def walk_reads(walk: Walk, case: Case) -> None:
    """All that can be read of a case; the numbers must not depend on how much is in it."""
    at, person = {"case_id": case.id}, {"case_id": case.id, "victim_id": case.victims[0]}
    for operation_id in ("list_cases", "read_inbox", "list_reports"):
        walk.count(operation_id, case.owner)
    for operation_id in (
        "read_case",
        "list_case_stages",
        "list_victims",
        "read_timeline",
        "check_timeline",
        "read_case_as_of",
    ):
        walk.count(operation_id, case.owner, **at)
    walk.count("read_victim", case.owner, **person)
    walk.count("list_consents", case.owner, **person)
    stage = {"stage_id": case.stage("investigation", None)["id"]}
    walk.count("read_investigation", case.owner, **stage)
    walk.count("list_investigation_records", case.owner, **stage)
