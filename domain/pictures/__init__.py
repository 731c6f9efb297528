"""The workflow drawn and written out from the tables that the code obeys: Mermaid, Markdown and SVG."""

from domain.pictures.svg import workflow_svg
from domain.pictures.words import BY_NAMES, MACHINE_NAMES, state_name, states
from domain.pictures.written import mermaid, mermaid_stages, workflow_markdown

__all__ = [
    "BY_NAMES",
    "MACHINE_NAMES",
    "mermaid",
    "mermaid_stages",
    "state_name",
    "states",
    "workflow_markdown",
    "workflow_svg",
]
