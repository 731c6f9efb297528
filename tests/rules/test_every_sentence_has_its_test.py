"""The list of sentences names tests that there are; a test that is renamed or dropped shows here."""

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.rules.sentences import SENTENCES, Sentence

TESTS = Path(__file__).parents[1]


@cache
def names_in(file: str) -> frozenset[str]:
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda sentence: f"{sentence.part}: {sentence.says}")
def test_a_sentence_is_held_by_a_test(sentence: Sentence) -> None:
    assert sentence.tests
    for test in sentence.tests:
        file, _, name = test.partition("::")
        assert name in names_in(file), test


def test_no_sentence_stands_twice() -> None:
    said = [(sentence.part, sentence.says) for sentence in SENTENCES]
    assert len(set(said)) == len(said) > 60
