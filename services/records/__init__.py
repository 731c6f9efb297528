"""The rows, one file a subject; importing this package names every table."""

from services.records import access, accounts, agencies, cases, reports, sealed, timeline, writes
from services.records.tables import Table

__all__ = ["Table", "access", "accounts", "agencies", "cases", "reports", "sealed", "timeline", "writes"]
