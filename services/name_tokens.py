"""What of a name somebody may remember: its characters, how they sound, its words. And whether a name fits what was asked.

Chinese names are short and have no blanks: two characters beside each other are what a look-up rests on. Characters sound in
more than one way, surnames above all (单 is Shan as a surname, 曾 Zeng), and what was heard is written with other
characters, in traditional ones, or in pinyin: each of these meets in the sound.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import pairwise, product
from typing import Final

from pypinyin import Style, pinyin

LONGEST_RUN: Final = 4
"""Runs of two to four characters or syllables are kept, and the whole."""

_HAN: Final = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_WORD: Final = re.compile(r"[^\W\d_]+")
_SURNAME_READINGS, _OTHER_READINGS = 4, 2
Syllable = tuple[str, ...]


class Fit(StrEnum):
    """How a name fits: as it is written, or as it sounds."""

    WRITTEN = "written"
    SOUNDS_ALIKE = "sounds_alike"


def plain(name: str) -> str:
    """One spelling: width, case, accents, blanks and dots make no difference; ü is v, as it is typed."""
    text = unicodedata.normalize("NFKC", name).casefold().replace("ü", "v")
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", bare)


def is_too_short(asked: str) -> bool:
    """One character, or one letter, is in half of all names."""
    return len("".join(_pieces(asked))) < 2


def tokens_of(name: str) -> frozenset[str]:
    """What a name is found by: `p` and a part as written, `s` and a sound."""
    syllables = _syllables(name)
    if not _HAN.search(plain(name)):
        return frozenset(f"s{sound}" for sound in _word_sounds([one[0] for one in syllables]))
    pieces = _pieces(name)
    parts = {"".join(pieces[start:end]) for start, end in _runs(len(pieces))} | {"".join(pieces)}
    sounds = {sound for start, end in _runs(len(syllables)) for sound in _readings(syllables[start:end])}
    whole = "".join(one[0] for one in syllables)
    return frozenset({f"p{part}" for part in parts} | {f"s{sound}" for sound in sounds | {whole}})


def anchors_of(asked: str) -> frozenset[str]:
    """Tokens of which every name that fits has one. They are few: what they bring is compared afterwards."""
    syllables = _syllables(asked)
    if not _HAN.search(plain(asked)):
        words = [one[0] for one in syllables]
        return frozenset({f"s{''.join(words)}", f"s{max(words, key=len)}"})
    first = syllables[:LONGEST_RUN]
    return frozenset({f"p{''.join(_pieces(asked)[:LONGEST_RUN])}", *(f"s{one}" for one in _readings(first))})


def fit_of(asked: str, name: str) -> Fit | None:
    """Whether the name holds what was asked: its characters in this order, its words, or something that sounds the same."""
    if not anchors_of(asked) & tokens_of(name):
        # digests are shared by chance: whom that brings is not found by chance as well
        return None
    wanted, there = "".join(_pieces(asked)), "".join(_pieces(name))
    of_words = not _HAN.search(plain(asked)) and not _HAN.search(plain(name))
    if of_words:
        known = {one[0] for one in _syllables(name)}
        fits = wanted == there or all(one[0] in known for one in _syllables(asked))
        return Fit.WRITTEN if fits else None
    if wanted in there and _HAN.search(plain(asked)):
        return Fit.WRITTEN
    return Fit.SOUNDS_ALIKE if _sounds_within(_syllables(asked), _syllables(name)) else None


def _sounds_within(asked: Sequence[Syllable], name: Sequence[Syllable]) -> bool:
    """Syllable by syllable where both are characters; letter by letter where one of them is written in letters."""
    size = len(asked)
    for start in range(len(name) - size + 1):
        if all(set(one) & set(other) for one, other in zip(asked, name[start : start + size], strict=True)):
            return True
    wanted = set(_readings(asked[: 2 * LONGEST_RUN]))
    runs = [*_runs(len(name)), (0, len(name))]
    return any(wanted & set(_readings(name[start:end])) for start, end in runs)


def _pieces(name: str) -> list[str]:
    """Characters one by one, other writing word by word."""
    found: list[str] = []
    for word in _WORD.findall(plain(name)):
        found += re.findall(f"{_HAN.pattern}|(?:(?!{_HAN.pattern}).)+", word)
    return found


def _syllables(name: str) -> list[Syllable]:
    return [
        _sounds_of(piece, _OTHER_READINGS if number else _SURNAME_READINGS)
        for number, piece in enumerate(_pieces(name))
    ]


def _sounds_of(piece: str, most: int) -> Syllable:
    if not _HAN.fullmatch(piece):
        return (re.sub("^([ln])yu$", r"\1v", piece),)
    read = [plain(one) for one in pinyin(piece, style=Style.NORMAL, heteronym=True)[0]][:most]
    # 吕 is typed as lv and written in passports as lu
    return tuple(dict.fromkeys([*read, *(one.replace("v", "u") for one in read)]))


def _readings(syllables: Sequence[Syllable]) -> Iterator[str]:
    """Every way to say them; of long names the usual one."""
    if len(syllables) > LONGEST_RUN:
        yield "".join(one[0] for one in syllables)
        return
    yield from ("".join(said) for said in product(*syllables))


def _runs(length: int) -> Iterator[tuple[int, int]]:
    for size in range(2, LONGEST_RUN + 1):
        for start in range(length - size + 1):
            yield start, start + size


def _word_sounds(words: Sequence[str]) -> set[str]:
    beside = {"".join(pair) for pair in pairwise(words)}
    return {word for word in words if len(word) > 1} | beside | {"".join(words)}
