"""By what a person in a case is found: keyed digests of their names, number and phone, kept in the transaction of the values.

The database compares digests and learns no word. Of an identity number or a telephone the whole HMAC-SHA256 is kept: there
are too many of them to try out without the key. Names are few and unevenly spread: who sees the same digest a thousand times
guesses which name that is, and who sees it in two files knows that the names agree. So of each part of a name 14 bits are
kept, on purpose: with 16,384 digests for all parts of all names different ones share one, and each row says little. What
they bring is opened and compared before anybody is told.

Not indexed: who reports (nobody looks for them), and relatives (who asks for them may be the one who looks for the child).
"""

import hmac
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

import phonenumbers
from sqlalchemy import delete, insert
from sqlalchemy.orm import Session
from stdnum.cn import ric

from services.master_keys import MasterKeys
from services.name_tokens import tokens_of
from services.records.sealed import SearchTokenRow

Sections = Mapping[str, Mapping[str, object]]
SECTION_OF: Final[Mapping[str, str]] = {
    "name": "identity",
    "identity_number": "documents",
    "phone": "contact",
}
"""What can be looked for, and the section of a person's record that it stands in."""

_NAME_BITS: Final = 0x3FFF


def index_person(
    session: Session, file_id: UUID, person_id: UUID, sections: Sections, *, known: bool = True
) -> int:
    """Write anew by what this person is found; the version of the master key behind it. `known`: something may be there."""
    keys: MasterKeys = session.info["master_keys"]
    version = keys.current
    if known:
        session.execute(
            delete(SearchTokenRow)
            .where(SearchTokenRow.file_id == file_id, SearchTokenRow.person_id == person_id)
            .execution_options(synchronize_session=False)
        )
    whose = {"file_id": file_id, "person_id": person_id, "master_version": version}
    rows = [
        {**whose, "field": field, "token": token}
        for field, texts in _texts(sections).items()
        for token in {digest_of(keys, version, field, text) for text in texts}
    ]
    if rows:
        session.execute(insert(SearchTokenRow), rows)
    return version


def digest_of(keys: MasterKeys, version: int, field: str, text: str) -> bytes:
    """What stands in the index for this text, under this version; shortened for names."""
    whole = hmac.digest(keys.derive(f"search {field}", version), text.encode(), "sha256")
    if field != "name":
        return whole
    return (int.from_bytes(whole[:2], "big") & _NAME_BITS).to_bytes(2, "big")


def plain_number(text: str) -> str:
    """An identity number in one spelling."""
    return "".join(str(ric.compact(unicodedata.normalize("NFKC", text))).split()).replace("-", "").upper()


def plain_phone(text: str) -> str:
    """A telephone number in one spelling, with its country; what is no number of any country, as its digits."""
    try:
        number = phonenumbers.parse(unicodedata.normalize("NFKC", text), "CN")
    except phonenumbers.NumberParseException:
        return "".join(c for c in text if c.isdecimal())
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def names_in(sections: Sections) -> list[str]:
    """Every name of a person, the first one first."""
    identity = sections.get("identity", {})
    others = identity.get("other_names")
    found = [identity.get("name"), *(others if isinstance(others, list) else ())]
    return [str(name) for name in found if name]


def _texts(sections: Sections) -> dict[str, Iterable[str]]:
    number = sections.get("documents", {}).get("identity_number")
    phone = sections.get("contact", {}).get("phone")
    return {
        "name": {token for name in names_in(sections) for token in tokens_of(name)},
        "identity_number": [plain_number(str(number))] if number else (),
        "phone": [plain_phone(str(phone))] if phone else (),
    }
