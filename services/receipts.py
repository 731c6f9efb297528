"""Receipts: what somebody who reported holds in hand, number and secret, and the little that both of them open."""

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from domain.numbers import receipt_number
from domain.refusals import NotFound
from services.records.reports import ReceiptRow


def give_receipt(session: Session, report_id: UUID, at: datetime) -> tuple[str, str]:
    """A new receipt: its number, and its secret, which is stored nowhere. All of them look alike."""
    number = receipt_number(f"{secrets.randbelow(10**10):010d}")
    secret = secrets.token_urlsafe(18)
    session.execute(
        insert(ReceiptRow).values(
            digest=receipt_digest(number, secret), file_id=report_id, received_at=at, status="received"
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
