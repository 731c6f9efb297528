"""The font of printed timelines: one TrueType file that has Chinese and Latin letters, embedded as far as it is used."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from domain.refusals import FontMissing

NAME: Final = "homeward"
_PACKAGE: Final = "paperang_p2_fonts_cjk"
"""It carries WenQuanYi Micro Hei, which names the Apache License 2.0 as its own inside the file."""
_DEBIAN: Final = Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc")


def register(named: Path | None) -> str:
    """Make the font known and return its name. FontMissing where there is none: Chinese in empty boxes is no document."""
    found = next(_candidates(named), None)
    if found is None:
        raise FontMissing
    return _registered(found)


def _candidates(named: Path | None) -> Iterator[Path]:
    """The one of the settings, which alone counts where it is set; the package's; Debian's."""
    if named is not None:
        if named.is_file():
            yield named
        return
    if find_spec(_PACKAGE) is not None:
        yield Path(str(files(_PACKAGE))) / "fonts" / "wqy-microhei.ttc"
    if _DEBIAN.is_file():
        yield _DEBIAN


@cache
def _registered(path: Path) -> str:
    name = f"{NAME}-{path.stem}"
    try:
        pdfmetrics.registerFont(TTFont(name, str(path)))
    except TTFError:
        # an outline of another kind than TrueType's cannot be embedded
        raise FontMissing from None
    return name
