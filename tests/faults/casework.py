"""What the clients of a drill do all day: reports, alone or all the way into a case and its investigation."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Engine, text

from services.receipts import receipt_digest
from tests.faults.clients import Json, Line
from tests.faults.ground import Ground

REPORTER: Final = "hotline"
POLICE: Final = "psb-1"
ROUNDS_ON_HOLD: Final = 2


def filing(ground: Ground) -> Callable[[Line], None]:
    """File one report: the cheapest write that makes a file, its key, its receipt and its first entry."""

    def file_one(line: Line) -> None:
        _file(line, ground)

    return file_one


def casework(ground: Ground, superuser: Engine) -> Callable[[Line], None]:
    """One report from the hotline to an investigation that was begun and put on hold: eleven writes."""
    officers: list[str] = []

    def one_case(line: Line) -> None:
        if not officers:
            accounts = line.read(POLICE, "/accounts")["items"]
            officers.extend(str(one["id"]) for one in accounts if one["role"] == "caseworker")
        report = _screened(line, ground, superuser)
        case = line.read(POLICE, f"{report['links']['case']}/stages")
        stage = next(s for s in case["items"] if s["code"] == "investigation")
        named = {"officer_id": officers[0], "deputy_id": officers[1]}
        stage = _move(line, stage, "accept", named)
        stage = _move(line, stage, "begin", {})
        for _ in range(ROUNDS_ON_HOLD):
            wait = {
                "reason": "等待鉴定结果",
                "review_at": (datetime.now(UTC) + timedelta(days=30)).isoformat(),
            }
            stage = _move(line, stage, "hold", wait)
            stage = _move(line, stage, "resume", {})

    return one_case


def _file(line: Line, ground: Ground) -> Json:
    body = {"kind": "tip", "place_id": ground.place_id, "message": {"narrative": "有人被关在厂房里"}}
    return line.write(REPORTER, "/reports", body)


def _screened(line: Line, ground: Ground, superuser: Engine) -> Json:
    receipt = _file(line, ground)
    report_id = _report_behind(superuser, receipt)
    report = {"links": {"self": f"/reports/{report_id}"}, "version": 1}
    report = _move(line, report, "screen", {})
    report = _move(line, report, "answer", {"text": "正在核实"})
    return _move(line, report, "accept", {})


def _move(line: Line, thing: Json, action: str, body: Json) -> Json:
    return line.write(POLICE, f"{thing['links']['self']}/{action}", body, int(thing["version"]))


def _report_behind(superuser: Engine, receipt: Json) -> str:
    """The police would know it by what it says; a drill looks the receipt up."""
    digest = receipt_digest(receipt["number"], receipt["secret"])
    with superuser.connect() as connection:
        found = connection.execute(
            text("select file_id from receipts where digest = :digest"), {"digest": digest}
        )
        return str(found.scalar_one())
