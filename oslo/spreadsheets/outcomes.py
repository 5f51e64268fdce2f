"""What becomes of a row, and many row numbers kept short."""

from collections.abc import Iterable, Iterator

from django.db import models


class Outcome(models.TextChoices):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


class Rows:
    """Numbers of rows as runs, [[2, 40], [42, 42]]: neighbours cost nothing."""

    def __init__(self, runs: list[list[int]] | None = None):
        self.runs = [list(run) for run in runs or []]

    @classmethod
    def of(cls, numbers: Iterable[int]) -> "Rows":
        rows = cls()
        for number in sorted(numbers):
            rows.add(number)
        return rows

    def add(self, number: int) -> None:
        if self.runs and self.runs[-1][0] <= number <= self.runs[-1][1] + 1:
            self.runs[-1][1] = max(number, self.runs[-1][1])
        else:
            self.runs.append([number, number])

    def __iter__(self) -> Iterator[int]:
        for first, last in self.runs:
            yield from range(first, last + 1)

    def __bool__(self):
        return bool(self.runs)

    def __str__(self):
        return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in self.runs)
