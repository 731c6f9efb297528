"""Reports: filed by anybody, lying at once with the duty unit where the person is, never ending unanswered."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.clocks import CLOCKS, report_reply_clock
from domain.identifiers import new_id
from domain.mandates import EMERGENCY_DUTY
from domain.numbers import receipt_number
from domain.refusals import FieldRefused, NotFound
from domain.timeline import GENESIS
from services.cases import Origin, open_new_case
from services.database import now
from services.deadlines import Subject as ClockSubject
from services.records.reports import ReceiptRow, ReportRow
from services.report_files import ReportFile, note_of, seal_sections, start_report, with_values
from services.routing import serving
from services.sealed_values import Content
from services.victim_sections import Sections


class Concern(StrEnum):
    """What makes a report urgent: both duty units at once, a case on receipt, an answer within 15 minutes."""

    DANGER = "danger"
    MISSING_MINOR = "missing_minor"
    CHILD_ALONE = "child_alone"
    SELF_REPORT = "self_report"


CHILD_CONCERNS: Final = frozenset({Concern.MISSING_MINOR, Concern.CHILD_ALONE})


@dataclass(frozen=True, slots=True)
class NewReport:
    """A report as it comes in; `message` and `reporter` are sealed."""

    kind: str
    place_id: UUID
    concerns: tuple[Concern, ...]
    message: Content
    reporter: Content


@dataclass(frozen=True, slots=True)
class Filed:
    """The report with the two halves of its receipt; the secret is shown once and stored nowhere."""

    report: ReportRow
    number: str
    secret: str


def file_report(session: Session, actor: Actor | None, new: NewReport) -> Filed:
    """Take a report. In an emergency the case, its investigation and a child's guardianship open by rule on receipt."""
    urgent = bool(new.concerns)
    first, second = EMERGENCY_DUTY
    served = serving(session, new.place_id, EMERGENCY_DUTY)
    if first not in served.units:
        raise FieldRefused(("place_id", "no_duty_unit"))
    file = _new_file(session, actor, new, served.units[first], served.units.get(second) if urgent else None)
    file.clocks.start(ClockSubject("report", file.id), report_reply_clock(urgent=urgent), file.at)
    file.note(
        with_values(
            note_of(file, "receive", None),
            seal_sections(file, {"message": new.message, "reporter": new.reporter}),
        )
    )
    if urgent:
        _open_on_receipt(file)
    number, secret = _give_receipt(file)
    file.save()
    return Filed(file.report, number, secret)


def _new_file(
    session: Session, actor: Actor | None, new: NewReport, duty_unit: UUID, second_unit: UUID | None
) -> ReportFile:
    at = now(session)
    report = ReportRow(
        id=new_id(),
        kind=new.kind,
        place_id=new.place_id,
        concerns=[str(concern) for concern in new.concerns],
        state="received",
        unit_id=duty_unit,
        second_unit_id=second_unit,
        filed_by_unit_id=actor.unit_id if actor else None,
        received_at=at,
        reply_by=CLOCKS[report_reply_clock(urgent=bool(new.concerns))].due(at).at,
        earliest_at=at,
        version=0,
        seq=0,
        head=GENESIS,
    )
    return start_report(session, actor, report, at)


def _open_on_receipt(file: ReportFile) -> None:
    """A child is in the case at once, nameless if need be, so that guardianship does not wait for screening."""
    report = file.report
    case = open_new_case(
        file.session,
        file.actor,
        file.at,
        origin_of(report, "on_receipt_in_emergency"),
        _child(report.concerns),
    )
    report.case_id = case.case.id
    file.note(replace(note_of(file, "open_case", report.state), rule="on_receipt_in_emergency"))


def _child(concerns: Collection[str]) -> list[Sections]:
    if not CHILD_CONCERNS & set(concerns):
        return []
    danger = {"situation": {"in_danger": "yes"}} if Concern.DANGER in concerns else {}
    return [danger]


def origin_of(report: ReportRow, rule: str) -> Origin:
    """What a case that stands behind this report is opened from."""
    return Origin(report.place_id, report.unit_id, EMERGENCY_DUTY[0], report.id, rule)


def _give_receipt(file: ReportFile) -> tuple[str, str]:
    number = receipt_number(f"{secrets.randbelow(10**10):010d}")
    secret = secrets.token_urlsafe(18)
    file.session.execute(
        insert(ReceiptRow).values(
            digest=receipt_digest(number, secret),
            file_id=file.report.id,
            received_at=file.at,
            status="received",
        )
    )
    return number, secret


def receipt_digest(number: str, secret: str) -> bytes:
    """What stands in the database for a receipt; the secret has 144 random bits, so that a plain digest holds."""
    return hashlib.sha256(f"homeward-receipt-v1\x00{number}\x00{secret}".encode()).digest()


def read_receipt(session: Session, number: str, secret: str) -> ReceiptRow:
    """With number and secret: received, being handled or answered, and no more. NotFound in every other case alike."""
    digest = receipt_digest(number, secret)
    session.execute(select(func.set_config("homeward.receipt", digest.hex(), True)))
    receipt = session.execute(select(ReceiptRow).where(ReceiptRow.digest == digest)).scalar_one_or_none()
    if receipt is None:
        raise NotFound
    return receipt
