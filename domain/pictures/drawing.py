"""The drawing tools: measures, colours, boxes, lines, text that fits."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from types import MappingProxyType
from typing import Final

from domain.agencies import Agency
from domain.stages import StageCode
from domain.texts import Text

TITLE: Final = Text("归途：一个人回家的路", "Homeward: a person's way home")
SUBTITLE: Final = Text(
    "每个阶段由谁牵头、依据哪一条；下方是四个状态机。图由程序所依据的表格生成。",
    "Who leads each stage, under which article; below, the four machines. Drawn from the code's own tables.",
)
CARE: Final = Text("照护阶段：并行进行", "Care stages: side by side")
CARE_NOTE: Final = Text(
    "按各人所需开启，互不等待", "each opens by need; shelter and urgent care wait for nothing"
)
AT_ONCE: Final = Text(
    "疑似受害即开始照护：不以侦查为前提", "Care starts for a presumed victim: investigation gates nothing"
)
DIFFICULTY: Final = Text("出现困难，即开启能解决它的阶段", "A difficulty opens the stage that can solve it")
ACCOUNTABLE: Final = Text("牵头负责", "accountable lead")
OTHER_LEAD: Final = Text("其他责任单位", "other lead")
ARTICLE: Final = Text("第{}条", "Art. {}")
SOURCE: Final = Text("从此状态", "from this state")
TARGET: Final = Text("到此状态", "to this state")
SAME: Final = Text("状态不变", "state stays")
ENDED_SIGN: Final = Text("结束状态", "ended state")
APPROVED: Final = Text("须另一机构批准", "another agency approves first")
OF_THE_PERSON: Final = Text("本人可作决定", "the person may decide")
MACHINES_TITLE: Final = Text("四个状态机", "The four machines")
COMMA: Final = Text("、", ", ")

WIDTH: Final = 1240
MARGIN: Final = 24
STAGE_WIDTH, STAGE_HEIGHT, STAGE_GAP = 146, 104, 10
PANEL_HEAD, PANEL_PAD, PANEL_COLUMNS = 48, 12, 3
COLUMN_GAP: Final = 31
ROW, HEAD = 26, 62
INK, GREY, LINE, PALE, PERSON = "#1c2733", "#5b6875", "#c5ced8", "#f4f7fa", "#a21c5b"
FLOW: Final = "#3c4a5a"
COLOURS: Final[Mapping[str, str]] = MappingProxyType(
    {
        Agency.PSB: "#1f4e8c",
        Agency.CAB: "#0f766e",
        Agency.HEALTH: "#b4235a",
        Agency.EDU: "#a8500a",
        Agency.HRSS: "#6d28d9",
        Agency.JUSTICE: "#4a5568",
    }
)
_FIRST_IDEOGRAPH: Final = 0x2E80
MONO_WIDTH: Final = 0.6
_BOLD_WIDTH: Final = 0.6
FONTS: Final = (
    "'Noto Sans','Noto Sans CJK SC','Noto Sans SC','PingFang SC','Microsoft YaHei',Arial,sans-serif"
)
MONO: Final = "'Noto Sans Mono','DejaVu Sans Mono',Consolas,Menlo,monospace"
BEFORE_CARE: Final = ((StageCode.REPORT,), (StageCode.INVESTIGATION, StageCode.RESCUE))
AFTER_CARE: Final = ((StageCode.REINTEGRATION_SUPPORT,), (StageCode.FOLLOW_UP,))


_Value = str | int | float


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def centre(self) -> float:
        return self.x + self.width / 2

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


def element(name: str, content: str = "", /, **attributes: _Value) -> str:
    """One element, its content already escaped; underscores in attributes become hyphens."""
    pairs = "".join(
        f' {key.replace("_", "-")}="{escape(plain_number(value))}"' for key, value in attributes.items()
    )
    return f"<{name}{pairs}>{content}</{name}>" if content else f"<{name}{pairs}/>"


def plain_number(value: _Value) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)


def text_at(x: float, y: float, words: str, size: float = 12, **attributes: _Value) -> str:
    return element("text", escape(words), x=x, y=y, font_size=size, **attributes)


def code_at(x: float, y: float, code: str, size: float = 9, **attributes: _Value) -> str:
    return text_at(x, y, code, size, font_family=MONO, fill=GREY, **attributes)


def frame(box: Box, **attributes: _Value) -> str:
    return element("rect", x=box.x, y=box.y, width=box.width, height=box.height, **attributes)


def stroke(path: str, colour: str = FLOW, **attributes: _Value) -> str:
    return element("path", d=path, fill="none", stroke=colour, stroke_width=1.6, **attributes)


def arrowhead(x: float, y: float, direction: str, colour: str = FLOW) -> str:
    """A tip at (x, y); `direction` is right, left or up."""
    back, side = 8, 4
    points = {
        "right": (x - back, y - side, x - back, y + side),
        "left": (x + back, y - side, x + back, y + side),
        "up": (x - side, y + back, x + side, y + back),
    }[direction]
    ax, ay, bx, by = (plain_number(float(value)) for value in points)
    return element(
        "path", d=f"M{plain_number(float(x))} {plain_number(float(y))}L{ax} {ay}L{bx} {by}Z", fill=colour
    )


def text_length(words: str, size: float, latin: float = 0.55) -> float:
    """A fair guess at how wide words are set: Chinese fills its square, Latin letters `latin` of it."""
    return sum(size if ord(letter) >= _FIRST_IDEOGRAPH else size * latin for letter in words)


def wrapped(words: str, size: float, width: float) -> list[str]:
    lines: list[str] = []
    for word in words.split():
        if lines and text_length(f"{lines[-1]} {word}", size, _BOLD_WIDTH) <= width:
            lines[-1] = f"{lines[-1]} {word}"
            continue
        lines.append(word)
    return lines


def draw_chip(code: str, *, filled: bool) -> tuple[str, float]:
    """A small plate with an agency's code, and its width; grey for no agency in particular."""
    colour = COLOURS.get(code, GREY)
    width = text_length(code or "000", 9.5, MONO_WIDTH) + 10
    ink, fill = ("#ffffff", colour) if filled else (colour, "#ffffff")
    plate = frame(Box(0, 0, width, 16), rx=4, fill=fill, stroke=colour)
    return plate + text_at(width / 2, 11.5, code, 9.5, text_anchor="middle", font_weight=600, fill=ink), width


def moved_to(x: float, y: float, drawn: str) -> str:
    return element("g", drawn, transform=f"translate({plain_number(float(x))} {plain_number(float(y))})")
