"""A death, as it is written down: by its document."""

from pydantic import ConfigDict

from api.representations.types import Body, DocumentNumber, PastDate
from services.sealed_values import Content


class DeathBody(Body):
    """The death certificate's number and the day; nothing of the cause."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"document_number": "示例死证0001号", "died_on": "2026-03-12"}]}
    )
    document_number: DocumentNumber
    died_on: PastDate

    def content(self) -> Content:
        dumped: Content = self.model_dump(mode="json")
        return dumped
