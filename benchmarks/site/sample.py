"""A record as large as asked for: always the same for the same number of statements."""

import datetime
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from benchmarks.imports.sample import SampleState, states

STATES, CONFERENCES, TOPICS, GROUPS, ORGANIZATIONS, INSTRUMENTS = 200, 100, 24, 20, 40, 5
POSITIONS = 20_000
FIRST_DAY, LAST_DAY = datetime.date(2000, 1, 1), datetime.date(2026, 6, 30)
DAYS = (LAST_DAY - FIRST_DAY).days
REGIONS = ("Africa", "Americas", "Asia", "Europe", "Oceania")

COMMON, RARE = "ammunition", "xylograph"
"""A word of every second statement, and one of every two thousandth."""

SYLLABLES = ("ba", "re", "ti", "mo", "lu", "sen", "dor", "gal", "vi", "kan", "po", "xe", "mar", "ni", "tos", "ry", "af")
LETTERS = {"English": "", "French": "é", "Spanish": "ñ"}
WORDS = 3_000  # of each language
SENTENCES = 2_000

__all__ = ["Record", "SampleState", "SampleStatement", "states"]


@dataclass(frozen=True)
class SampleStatement:
    title: str
    date: datetime.date
    language: str
    summary: str
    text: str
    states: tuple[int, ...]
    group: int | None
    organization: int | None
    conference: int | None
    topics: tuple[int, ...]
    published: bool


class Record:
    """What is on record; places in its lists stand for keys."""

    def __init__(self):
        self.random = random.Random(2007)  # noqa: S311 -- a sample, not a secret
        self.sentences = {language: self._sentences(letter) for language, letter in LETTERS.items()}

    def _sentences(self, letter: str) -> list[str]:
        """Sentences in which few words are frequent and most are rare, as in any language."""
        pick = self.random
        words = ["".join(pick.choices(SYLLABLES, k=pick.randint(1, 4))) + letter for _n in range(WORDS)]
        weights = [1 / place for place in range(1, WORDS + 1)]
        return [
            " ".join(pick.choices(words, weights, k=pick.randint(8, 22))).capitalize() + "." for _n in range(SENTENCES)
        ]

    def day(self) -> datetime.date:
        return FIRST_DAY + datetime.timedelta(self.random.randrange(DAYS))

    def text(self, language: str, words: int) -> str:
        found, length = [], 0
        while length < words:
            sentence = self.random.choice(self.sentences[language])
            found.append(sentence)
            length += sentence.count(" ") + 1
        return " ".join(found)

    def conference_days(self) -> list[datetime.date]:
        step = DAYS // CONFERENCES
        return [FIRST_DAY + datetime.timedelta(step * n) for n in range(CONFERENCES)]

    def memberships(self) -> Iterator[tuple[int, int, datetime.date, datetime.date | None]]:
        """(group, state, from, to): each state in about three groups, one in ten of them left again."""
        for group, state in product(range(GROUPS), range(STATES)):
            if self.random.random() < 0.15:
                start = self.day()
                left = start + datetime.timedelta(3000) if self.random.random() < 0.1 else None
                yield group, state, start, left

    def attendances(self) -> Iterator[tuple[int, int, str]]:
        """(conference, state, role): three in five of all pairs."""
        roles, weights = ("participant", "observer", "invited", "absent"), (80, 10, 5, 5)
        for conference, state in product(range(CONFERENCES), range(STATES)):
            if self.random.random() < 0.6:
                yield conference, state, self.random.choices(roles, weights)[0]

    def acts(self) -> Iterator[tuple[int, int, str, datetime.date]]:
        """(instrument, state, act, day): three for each pair, a withdrawal among sixty."""
        for instrument, state in product(range(INSTRUMENTS), range(STATES)):
            for act in ("endorsed", "signed", "withdrew" if self.random.random() < 0.05 else "ratified"):
                yield instrument, state, act, self.day()

    def positions(self) -> Iterator[tuple[int, int, datetime.date, str]]:
        """(state, topic, day, stance)"""
        stances = ("supports", "conditional", "undecided", "opposes", "announced")
        taken = {(self.random.randrange(STATES), self.random.randrange(TOPICS), self.day()) for _n in range(POSITIONS)}
        for state, topic, day in sorted(taken):
            yield state, topic, day, self.random.choice(stances)

    def statements(self, number: int) -> Iterator[SampleStatement]:
        for place in range(number):
            yield self._statement(place)

    def _statement(self, place: int) -> SampleStatement:
        pick = self.random
        language, speaks = pick.choice(tuple(LETTERS)), pick.random()
        text = self.text(language, pick.randint(50, 300))
        if place % 2:
            text += f" About {COMMON}."
        if place % 2000 == 7:
            text += f" As on a {RARE}."
        return SampleStatement(
            title=f"Statement {place} on {pick.choice(self.sentences[language])[:40]}",
            date=self.day(),
            language=language,
            summary=pick.choice(self.sentences[language]),
            text=text,
            states=tuple(pick.sample(range(STATES), pick.randint(1, 3))) if speaks < 0.85 else (),
            group=pick.randrange(GROUPS) if 0.85 <= speaks < 0.93 else None,
            organization=pick.randrange(ORGANIZATIONS) if speaks >= 0.93 else None,
            conference=pick.randrange(CONFERENCES) if pick.random() < 0.8 else None,
            topics=tuple(pick.sample(range(TOPICS), pick.randint(1, 3))),
            published=place % 20 != 19,
        )
