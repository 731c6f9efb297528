"""The timeline on paper, page by page, with a head that says whose it is, for whom, and what the chain stood at."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, Final

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from api.calls import Call
from api.timeline_exports.items import Export, Line, batches_read
from api.timeline_exports.words import Block, Names, Words, local, units_in
from domain.texts import Text
from services.unit_names import names_of

PDF: Final = "application/pdf"
_WIDTH, _HEIGHT = A4
_LEFT, _RIGHT, _TOP, _BOTTOM = 18 * mm, _WIDTH - 18 * mm, _HEIGHT - 20 * mm, 22 * mm
_TEXT: Final = _LEFT + 44 * mm
_SIZE, _SMALL, _LEADING = 9.0, 7.0, 12.5
_INK, _FAINT, _RULE = HexColor("#111111"), HexColor("#555555"), HexColor("#bbbbbb")
_PIECE: Final = 64 * 1024
_TOTAL: Final = "total"

_CASE: Final = Text("案件编号", "Case number")
_MADE: Final = Text("生成时间（北京时间）", "Made at (Beijing time)")
_FOR: Final = Text("生成给", "Made for")
_HEAD: Final = Text("链首（最后一条的摘要）", "Head of the chain (digest of the last entry)")
_ENTRIES: Final = Text("条目数", "Entries in the chain")
_CHECKPOINT: Final = Text("最新检查点", "Newest checkpoint")
_NO_CHECKPOINT: Final = Text("尚未发布", "none published yet")
_FILTERED: Final = Text("筛选条件", "Filtered by")
_NOTE: Final = Text(
    "左栏为登记时间（北京时间）；发生时间不同的另行注明。每条末行为该条目的 SHA-256 摘要。",
    "On the left: when it was recorded (Beijing time); when it happened is said where that differs. The last line of each"
    " entry is its SHA-256 digest.",
)
_PAGE: Final = Text("第 {} 页，共 ", "Page {} of ")
_PAGES: Final = Text(" 页", "")


@dataclass(frozen=True, slots=True)
class Cover:
    """What stands at the head of the document."""

    case_number: str | None
    made_at: datetime
    made_for: str
    entries: int
    head: str
    checkpoint: str | None
    filters: str


def printed(call: Call, export: Export, cover: Cover, font: str) -> Iterator[bytes]:
    """Lay out everything, entry by entry, into a file that only this process can open, then hand it on in pieces: of the
    pages nothing but their number is kept in memory."""
    with TemporaryFile() as file:
        paper = _Paper(file, Words(call.language, {}), font)
        paper.cover(cover)
        for items in batches_read(call, export):
            paper.words = Words(call.language, _names(call, items))
            for item in items:
                paper.add(paper.words.block(item))
        paper.finish()
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


def _names(call: Call, items: list[Line]) -> Names:
    wanted = {unit_id for item in items for unit_id in units_in(item)}
    with call.again() as (session, _actor):
        return names_of(session, wanted)


class _Paper:
    """A document as it is written from top to bottom."""

    def __init__(self, file: IO[bytes], words: Words, font: str) -> None:
        self.words, self._font = words, font
        self._canvas = Canvas(file, pagesize=A4, pageCompression=1, initialFontName=font)
        self._canvas.setTitle(words.title())
        self._canvas.setCreator("Homeward")
        self._page, self._y, self._number = 1, _TOP, ""

    def cover(self, cover: Cover) -> None:
        of = self.words.of
        self._number = cover.case_number or ""
        self._canvas.setTitle(f"{self.words.title()} {self._number}".strip())
        self._write(_LEFT, self.words.title(), 17)
        self._y -= 26
        self._facts(
            (of(_CASE), self._number or "—"),
            (of(_MADE), local(cover.made_at.isoformat())),
            (of(_FOR), cover.made_for),
            (of(_ENTRIES), str(cover.entries)),
            (of(_HEAD), cover.head),
            (of(_CHECKPOINT), cover.checkpoint or of(_NO_CHECKPOINT)),
            *([(of(_FILTERED), cover.filters)] if cover.filters else []),
        )
        for line in self._split(of(_NOTE), _RIGHT - _LEFT, _SMALL + 1):
            self._write(_LEFT, line, _SMALL + 1, _FAINT)
            self._y -= 11
        self._y -= 6

    def _facts(self, *facts: tuple[str, str]) -> None:
        beside = _LEFT + 58 * mm
        for name, value in facts:
            self._write(_LEFT, name, _SIZE, _FAINT)
            for line in [
                part for one in value.split("\n") for part in self._split(one, _RIGHT - beside, _SIZE)
            ]:
                self._write(beside, line, _SIZE)
                self._y -= 14
        self._y -= 4

    def add(self, block: Block) -> None:
        """One item, never cut in two where it fits on a page of its own."""
        width = _RIGHT - _TEXT
        head = self._split(block.heading, width, _SIZE + 0.5)
        rest = [line for text in block.lines for line in self._split(text, width, _SIZE)]
        height = (len(head) + len(rest)) * _LEADING + (9 if block.digest else 0) + 10
        if self._y - height < _BOTTOM:
            self._turn()
        self._rule()
        self._write(_LEFT, block.number, _SIZE)
        self._write(_LEFT + 11 * mm, block.recorded, _SMALL + 1, _FAINT)
        for line in head:
            self._write(_TEXT, line, _SIZE + 0.5)
            self._y -= _LEADING
        for line in rest:
            self._write(_TEXT, line, _SIZE, _FAINT)
            self._y -= _LEADING
        if block.digest:
            self._write(_TEXT, block.digest, 6.5, _FAINT)
            self._y -= 9
        self._y -= 2

    def finish(self) -> None:
        """The number of pages is known only now: every page refers to this one form."""
        self._foot()
        self._canvas.showPage()
        self._canvas.beginForm(_TOTAL, 0, -4, 60, 12)
        self._canvas.setFont(self._font, _SMALL + 1)
        self._canvas.setFillColor(_FAINT)
        self._canvas.drawString(0, 0, f"{self._page}{self.words.of(_PAGES)}")
        self._canvas.endForm()
        self._canvas.save()

    def _turn(self) -> None:
        self._foot()
        self._canvas.showPage()
        self._page, self._y = self._page + 1, _TOP

    def _foot(self) -> None:
        text = self.words.of(_PAGE).format(self._page)
        width = pdfmetrics.stringWidth(text, self._font, _SMALL + 1)
        self._y = 13 * mm
        self._write(_LEFT, self._number, _SMALL + 1, _FAINT)
        self._write(_RIGHT - width - 40, text, _SMALL + 1, _FAINT)
        self._canvas.saveState()
        self._canvas.translate(_RIGHT - 40, self._y)
        self._canvas.doForm(_TOTAL)
        self._canvas.restoreState()

    def _rule(self) -> None:
        self._canvas.setStrokeColor(_RULE)
        self._canvas.setLineWidth(0.4)
        self._canvas.line(_LEFT, self._y, _RIGHT, self._y)
        self._y -= 13

    def _write(self, x: float, text: str, size: float, color: HexColor = _INK) -> None:
        self._canvas.setFont(self._font, size)
        self._canvas.setFillColor(color)
        self._canvas.drawString(x, self._y, text)

    def _split(self, text: str, width: float, size: float) -> list[str]:
        """Lines that fit: at blanks where there are any, else anywhere, as Chinese is written."""
        lines: list[str] = []
        for line in simpleSplit(text, self._font, size, width):
            while pdfmetrics.stringWidth(line, self._font, size) > width:
                fits = next(
                    n for n in range(len(line), 0, -1)
                    if pdfmetrics.stringWidth(line[:n], self._font, size) <= width
                )  # fmt: skip
                lines.append(line[:fits])
                line = line[fits:]  # noqa: PLW2901  # what is left of it goes on below
            lines.append(line)
        return lines
