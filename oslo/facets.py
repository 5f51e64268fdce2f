"""Facets: of each value that a list can be filtered by, how many rows there would be.

Rows are known by their keys. Each value, or each combination of values that stand in one fact, has the set of
keys of the rows that it is true of, as a compressed bitmap (docs/decisions/0012), so that the counts of all
values cost little, whatever the number of rows and of filters in use.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice

from pyroaring import BitMap

Chosen = Mapping[str, frozenset[str]]


class Relation:
    """What the rows of a list have to do with something else: the facts behind one facet, or behind several.

    The values of several `names` stand together in one fact, such as the instrument and the act of a
    commitment: what is chosen of both must be true of the same fact. A value in `when_asked` counts only when
    it was chosen by its name. `asked` says that the list is of rows with such a fact though none was chosen.
    """

    def __init__(self, *names: str, when_asked: Iterable[str] = (), asked: bool = False):
        self.names, self.when_asked, self.asked = names, frozenset(when_asked), asked
        self.rows: dict[tuple[str, ...], BitMap] = defaultdict(BitMap)
        # Facts with no known date that were left out: all that each could be asked for by, and its rows.
        self.undated: list[tuple[list[tuple[str, ...]], BitMap]] = []

    def is_asked_for(self, chosen: Chosen) -> bool:
        return self.asked or any(chosen.get(name) for name in self.names)

    def of(self, chosen: Chosen, *, but: str = "") -> BitMap:
        """The rows with a fact that has what was chosen, leaving open what was chosen of the facet `but`."""
        return BitMap.union(BitMap(), *(keys for values, keys in self._fitting(chosen, but)))

    def by_value(self, name: str, chosen: Chosen) -> dict[str, BitMap]:
        """The rows of each value of the facet `name`, with what was chosen of the others."""
        place, found = self.names.index(name), defaultdict(BitMap)
        for values, keys in self._fitting(chosen, name):
            found[values[place]] |= keys
        return found

    def _fitting(self, chosen: Chosen, but: str) -> Iterable[tuple[tuple[str, ...], BitMap]]:
        return ((values, keys) for values, keys in self.rows.items() if self._fits(values, chosen, but))

    def _fits(self, values: tuple[str, ...], chosen: Chosen, but: str) -> bool:
        for name, value in zip(self.names, values, strict=True):
            wanted = chosen.get(name)
            if name != but and (value not in wanted if wanted else value in self.when_asked):
                return False
        return True

    def left_out(self, chosen: Chosen, others: BitMap) -> int:
        """How many facts with no known date were left out, of rows that are among `others`."""
        if not self.is_asked_for(chosen):
            return 0
        return sum(
            any(self._fits(values, chosen, "") for values in said) and bool(keys & others)
            for said, keys in self.undated
        )


class Facets:
    """The rows of a list with what was chosen, and the counts beside every value."""

    def __init__(self, rows: BitMap, relations: Iterable[Relation], chosen: Chosen):
        self.rows, self.relations, self.chosen = rows, list(relations), chosen
        self._fitting = [r.of(chosen) if r.is_asked_for(chosen) else None for r in self.relations]

    def all_but(self, relation: Relation | None = None) -> BitMap:
        """The rows that fit everything but what was chosen of one relation."""
        fitting = zip(self.relations, self._fitting, strict=True)
        sets = [keys for other, keys in fitting if keys is not None and other is not relation]
        return BitMap.intersection(self.rows, *sets) if sets else self.rows

    @cached_property
    def found(self) -> BitMap:
        return self.all_but()

    def counts(self, name: str) -> dict[str, int]:
        """How many rows there would be with each value of a facet, if it were the only one chosen there."""
        relation = next(relation for relation in self.relations if name in relation.names)
        others = self.all_but(relation)
        by_value = relation.by_value(name, self.chosen)
        counted = {value: others.intersection_cardinality(keys) for value, keys in by_value.items()}
        return {value: count for value, count in counted.items() if count}

    def left_out(self) -> int:
        """How many facts with no known date a list on a past day leaves out."""
        return sum(relation.left_out(self.chosen, self.all_but(relation)) for relation in self.relations)


class Rows(Sequence):
    """The keys of the rows that were `found`, in the order of the list: no more are looked for than are asked for."""

    def __init__(self, found: BitMap, in_order: Callable[[], Iterable[int]]):
        self.found, self.in_order = found, in_order

    def __len__(self) -> int:
        return len(self.found)

    def __iter__(self) -> Iterator[int]:
        return (key for key in self.in_order() if key in self.found)

    def __getitem__(self, place: slice) -> list[int]:
        return list(islice(self, place.start, place.stop))
