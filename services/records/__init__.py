"""The rows, one file a subject; importing this package names every table."""

from services.records import (
    access,
    accounts,
    agencies,
    cases,
    clients,
    clocks,
    conflicts,
    emergency,
    own_door,
    people,
    reports,
    requests,
    sealed,
    timeline,
    tree,
    writes,
)
from services.records.tables import Table

__all__ = [
    "Table", "access", "accounts", "agencies", "cases", "clients", "clocks", "conflicts", "emergency", "own_door", "people",
    "reports", "requests", "sealed", "timeline", "tree", "writes",
]  # fmt: skip
