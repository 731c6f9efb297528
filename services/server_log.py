"""Whether the database server's own log would hold what people said about themselves.

The driver writes values into the statement before it is sent, so a logged statement is a page of somebody's record, and a
DETAIL line holds the values of a key. No erasure reaches a log. The embedded server is started with these settings; an
external one has to be set up so.
"""

from typing import Final

from sqlalchemy import Engine, text

from services.database import transaction

_SAFE: Final = {
    "log_statement": ("none", "ddl"),
    "log_min_error_statement": ("panic", "fatal"),
    "log_error_verbosity": ("terse",),
    "log_min_duration_statement": ("-1",),
    "log_min_duration_sample": ("-1",),
    "log_transaction_sample_rate": ("0",),
}
_FOUND: Final = text("select name, setting from pg_settings where name = any(:names)")


def telling_settings(engine: Engine) -> list[str]:
    """Settings under which statements or values are logged, each with what it must be."""
    with transaction(engine) as session:
        found = {row.name: row.setting for row in session.execute(_FOUND, {"names": list(_SAFE)})}
    return [
        f"{name} must be {' or '.join(allowed)}"
        for name, allowed in _SAFE.items()
        if found.get(name) not in allowed
    ]
