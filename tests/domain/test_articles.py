"""Articles 5 to 47 against a second transcription, and against the load counted for each agency."""

import pytest

from domain.agencies import MEMBERS, Agency
from domain.articles import ARTICLES, EDITION, ArticleUse

# Article, leads, cooperating agencies, in the order of the document. "*" stands for every member.
CLAUSES = [
    (5, "PLC PSB", "CAC MIIT EDU CAB JUSTICE HEALTH PROC WCC WOMEN"),
    (6, "PSB", ""),
    (7, "HRSS PSB DPF", "SAMR CULTURE UNION WOMEN"),
    (8, "PSB CULTURE", "CAB HRSS HEALTH SAMR WOMEN"),
    (9, "PSB", "CAC MIIT SAMR"),
    (10, "EDU PSB", "PROC YOUTH"),
    (11, "EDU PSB", "PROC CAB CNWC"),
    (12, "CAB PSB", "EDU FIN HRSS HOUSING HEALTH SASAC YOUTH"),
    (13, "HRSS DPF", "UFWD EDU AGRI WOMEN"),
    (14, "CAB WCC", "FIN CULTURE YOUTH WOMEN CNWC"),
    (15, "PSB CAB", "YOUTH"),
    (16, "CAB", "PSB WOMEN"),
    (17, "HEALTH PSB CAB", ""),
    (18, "PSB CAB", "CAC MIIT HEALTH SAMR"),
    (19, "AGRI JUSTICE CAB WOMEN", "EDU RURAL"),
    (20, "*", ""),
    (21, "PSB", "CAC COURT PROC CAB HEALTH WOMEN"),
    (22, "PSB", "CAC MIIT SAMR"),
    (23, "PSB", ""),
    (24, "PSB", "EDU CAB JUSTICE HEALTH SAMR CULTURE WOMEN"),
    (25, "PSB", "PROC"),
    (26, "PSB", ""),
    (27, "COURT PROC PSB", ""),
    (28, "COURT PROC PSB", "CAC MIIT CAB"),
    (29, "PSB HRSS HEALTH COURT PROC", "PLC CAB SAMR UNION YOUTH WOMEN DPF"),
    (30, "PSB CAB", ""),
    (31, "CAB", "DRC PSB EDU HEALTH DPF"),
    (32, "PSB CAB", ""),
    (33, "PSB CAB", ""),
    (34, "HEALTH DPF", "CAB"),
    (35, "JUSTICE", "PSB CAB UNION YOUTH WOMEN"),
    (36, "EDU", "CAB"),
    (37, "HRSS", "CAB UNION WOMEN"),
    (38, "CAB JUSTICE HRSS", "YOUTH WOMEN"),
    (39, "PSB CAB", "WOMEN"),
    (40, "CAB JUSTICE", "EDU PSB COURT PROC YOUTH WOMEN"),
    (41, "PUB CAC CULTURE PSB", "EDU JUSTICE TRANSPORT HEALTH WCC UNION YOUTH WOMEN"),
    (42, "JUSTICE", "PSB"),
    (43, "EDU", "PSB JUSTICE"),
    (44, "PSB", "*"),
    (45, "TRANSPORT CULTURE PSB", "JUSTICE FIN COMMERCE YOUTH WOMEN"),
    (46, "FAO PSB COMMERCE", "COURT PROC WOMEN"),
    (47, "PSB CAB", "FAO JUSTICE"),
]
# Counted on the document itself: articles led / articles where it cooperates, "all members" left out.
LOAD = """
    PSB 29/6, CAB 15/11, JUSTICE 5/6, HRSS 5/2, EDU 4/8, COURT 3/3, PROC 3/7, HEALTH 3/8, CULTURE 3/3,
    DPF 3/2, WOMEN 1/17, YOUTH 0/10, UNION 0/5, CAC 1/6, SAMR 0/7, MIIT 0/5, FIN 0/3, WCC 1/2, CNWC 0/2,
    FAO 1/1, COMMERCE 1/1, TRANSPORT 1/1, AGRI 1/1, PLC 1/1, PUB 1/0, DRC 0/1, UFWD 0/1, RURAL 0/1,
    HOUSING 0/1, SASAC 0/1
"""
CHAPTERS = [(3, 5, 19), (4, 20, 30), (5, 31, 40), (6, 41, 45), (7, 46, 47)]
USES = [
    ("case_work", "8 12 13 20 22 23 24 25 26 29 30 31 32 33 34 35 36 37 38 39 40 47"),
    ("report_source", "7 11 16 17 18 44 45"),
    ("not_built", "5 6 9 14 15"),
    ("outside", "10 19 21 27 28 41 42 43 46"),
]


def agencies(codes: str) -> tuple[Agency, ...]:
    return MEMBERS if codes == "*" else tuple(Agency(code) for code in codes.split())


@pytest.mark.parametrize(("number", "leads", "cooperating"), CLAUSES)
def test_an_article_names_its_leads_and_cooperating_agencies(
    number: int, leads: str, cooperating: str
) -> None:
    article = ARTICLES[number]
    assert article.number == number
    assert article.leads == agencies(leads)
    assert article.cooperating == agencies(cooperating)


def test_articles_5_to_47_are_all_there_and_no_other() -> None:
    assert list(ARTICLES) == [row[0] for row in CLAUSES] == list(range(5, 48))


@pytest.mark.parametrize("entry", [entry.strip() for entry in LOAD.split(",")])
def test_an_agency_carries_the_load_counted_for_it(entry: str) -> None:
    code, load = entry.split()
    named = [article for article in ARTICLES.values() if article.number not in (20, 44)]
    led = sum(Agency(code) in article.leads for article in named)
    # PSB also leads Article 44, which names it alone; only its list of cooperating agencies is "all members".
    led += Agency(code) in ARTICLES[44].leads
    assert f"{led}/{sum(Agency(code) in article.cooperating for article in named)}" == load


def test_the_load_is_counted_for_every_member() -> None:
    assert sorted(entry.split()[0] for entry in LOAD.split(",")) == sorted(MEMBERS)


def test_no_article_names_an_agency_twice_or_names_the_office() -> None:
    for article in ARTICLES.values():
        assert len(set(article.leads)) == len(article.leads)
        assert len(set(article.cooperating)) == len(article.cooperating)
        assert Agency.OFFICE not in (*article.leads, *article.cooperating)


def test_only_police_in_article_44_both_lead_and_cooperate() -> None:
    both = {
        (article.number, agency)
        for article in ARTICLES.values()
        for agency in article.leads
        if agency in article.cooperating
    }
    assert both == {(44, Agency.PSB)}


@pytest.mark.parametrize(("chapter", "first", "last"), CHAPTERS)
def test_a_chapter_holds_its_articles(chapter: int, first: int, last: int) -> None:
    numbers = [article.number for article in ARTICLES.values() if article.chapter == chapter]
    assert numbers == list(range(first, last + 1))


@pytest.mark.parametrize(("use", "numbers"), USES)
def test_an_article_is_used_as_decided(use: str, numbers: str) -> None:
    used = [article.number for article in ARTICLES.values() if article.use is ArticleUse(use)]
    assert used == [int(number) for number in numbers.split()]


def test_every_article_has_a_short_gloss_of_its_own_in_both_languages() -> None:
    glosses = [article.gloss for article in ARTICLES.values()]
    assert len(set(glosses)) == len(glosses)
    for gloss in glosses:
        assert 0 < len(gloss.zh) <= 30
        assert not gloss.zh.isascii()
        assert 0 < len(gloss.en) <= 70
        assert gloss.en.isascii()


def test_the_edition_is_named() -> None:
    assert EDITION == "xpcc-2021"
