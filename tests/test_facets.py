"""Relations of rows to values, and the counts beside the values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from oslo.facets import Facets, Relation

NOTHING = {}


def relation(*names, rows, undated=(), **kwargs) -> Relation:
    """A relation with the rows of each value, or of each combination of values: {"a b": [1, 2]}."""
    made = Relation(*names, **kwargs)
    for values, keys in rows.items():
        made.rows[tuple(values.split())] |= BitMap(keys)
    made.undated = [([tuple(values.split()) for values in said], BitMap(keys)) for said, keys in undated]
    return made


def chosen(**values) -> dict[str, frozenset[str]]:
    return {name: frozenset(text.split()) for name, text in values.items()}


def sets(by_value: dict[str, BitMap]) -> dict[str, set[int]]:
    return {value: set(keys) for value, keys in by_value.items()}


ACTS = {"pact signed": [1, 2], "pact ratified": [2, 3], "treaty signed": [3, 4], "treaty withdrew": [5]}


def acts(**kwargs) -> Relation:
    return relation("instrument", "act", rows=ACTS, **kwargs)


def test_what_is_chosen_of_one_relation_must_be_true_of_the_same_fact():
    assert set(acts().of(chosen(instrument="pact", act="signed"))) == {1, 2}
    assert set(acts().of(chosen(instrument="treaty", act="ratified"))) == set()
    assert set(acts().of(chosen(instrument="pact"))) == {1, 2, 3}
    assert set(acts().of(chosen(act="signed ratified"))) == {1, 2, 3, 4}
    assert set(acts().of(NOTHING)) == {1, 2, 3, 4, 5}


def test_the_choice_of_one_facet_can_be_left_open():
    asked = chosen(instrument="pact", act="signed")
    assert set(acts().of(asked, but="act")) == {1, 2, 3}
    assert set(acts().of(asked, but="instrument")) == {1, 2, 3, 4}


def test_rows_of_each_value_fit_what_was_chosen_of_the_others_but_not_of_their_own():
    asked = chosen(instrument="pact", act="signed")
    assert sets(acts().by_value("act", asked)) == {"signed": {1, 2}, "ratified": {2, 3}}
    assert sets(acts().by_value("instrument", asked)) == {"pact": {1, 2}, "treaty": {3, 4}}


def test_a_value_that_counts_when_asked_is_there_only_by_its_name():
    some = acts(when_asked=["withdrew"])
    assert set(some.of(NOTHING)) == {1, 2, 3, 4}
    assert set(some.of(chosen(instrument="treaty"))) == {3, 4}
    assert set(some.of(chosen(act="withdrew"))) == {5}
    assert set(some.of(chosen(instrument="treaty", act="withdrew signed"))) == {3, 4, 5}
    assert sets(some.by_value("act", NOTHING)) == {"signed": {1, 2, 3, 4}, "ratified": {2, 3}, "withdrew": {5}}
    assert sets(some.by_value("instrument", NOTHING)) == {"pact": {1, 2, 3}, "treaty": {3, 4}}
    assert sets(some.by_value("instrument", chosen(act="withdrew"))) == {"treaty": {5}}


@pytest.mark.parametrize(
    ("asked", "asks", "answer"),
    [
        (False, NOTHING, False),
        (True, NOTHING, True),
        (False, chosen(act="signed"), True),
        (False, chosen(q="x"), False),
    ],
)
def test_a_relation_is_asked_for_by_any_of_its_names_or_by_the_list(asked, asks, answer):
    assert acts(asked=asked).is_asked_for(asks) is answer


def test_asking_for_a_value_makes_no_new_one():
    some = acts()
    some.of(chosen(instrument="none"))
    some.by_value("act", chosen(instrument="none"))
    assert set(some.rows) == {tuple(values.split()) for values in ACTS}


def test_rows_fit_every_relation_that_is_asked_for():
    region = relation("region", rows={"asia": [1, 3, 5], "europe": [2, 4]})
    rows = BitMap([1, 2, 3, 4, 5, 6])
    assert set(Facets(rows, [region, acts()], NOTHING).found) == {1, 2, 3, 4, 5, 6}
    assert set(Facets(rows, [region, acts(asked=True)], NOTHING).found) == {1, 2, 3, 4, 5}
    assert set(Facets(rows, [region, acts()], chosen(region="asia", act="signed")).found) == {1, 3}
    assert set(Facets(BitMap([3, 4]), [region, acts()], chosen(region="asia", act="signed")).found) == {3}
    assert set(Facets(rows, [], NOTHING).found) == set(rows)


def test_counts_leave_out_the_choice_of_their_own_facet_and_keep_the_others():
    region = relation("region", rows={"asia": [1, 3, 5], "europe": [2, 4], "africa": [9]})
    facets = Facets(BitMap(range(1, 7)), [region, acts()], chosen(region="asia", instrument="pact", act="signed"))
    assert set(facets.found) == {1}
    assert facets.counts("region") == {"asia": 1, "europe": 1}
    assert facets.counts("act") == {"signed": 1, "ratified": 1}
    assert facets.counts("instrument") == {"pact": 1, "treaty": 1}


def test_the_rows_that_are_given_stay_as_they_are():
    rows, some = BitMap([1, 2]), acts()
    facets = Facets(rows, [some], chosen(act="signed"))
    facets.counts("act")
    facets.counts("instrument")
    assert (set(rows), set(facets.found)) == ({1, 2}, {1, 2})
    assert {" ".join(values): sorted(keys) for values, keys in some.rows.items()} == ACTS


def test_undated_facts_are_left_out_where_they_would_fit():
    undated = [(["pact signed"], [1]), (["pact ratified", "pact party"], [2]), (["treaty withdrew"], [3])]
    region = relation("region", rows={"asia": [1, 3], "europe": [2]})
    rows = BitMap([1, 2, 3])

    def left_out(**asked) -> int:
        some = relation("instrument", "act", rows={}, undated=undated, when_asked=["withdrew", "party"])
        return Facets(rows, [region, some], chosen(**asked)).left_out()

    assert left_out() == 0
    assert left_out(region="asia") == 0
    assert left_out(instrument="pact") == 2
    assert left_out(instrument="pact", region="asia") == 1
    assert left_out(instrument="treaty") == 0
    assert left_out(act="withdrew") == 1
    assert left_out(act="ratified party") == 1
    assert left_out(act="party") == 1
    assert left_out(instrument="treaty", act="party") == 0


def test_undated_facts_count_for_a_list_of_rows_with_such_facts():
    some = relation("kind", rows={}, undated=[(["regional"], [1]), (["regional"], [7])], asked=True)
    assert Facets(BitMap([1, 2]), [some], NOTHING).left_out() == 1


keys = st.sets(st.integers(0, 6))
value = st.sampled_from("abc")
facts = st.dictionaries(st.tuples(value, value), keys, max_size=6)
choice = st.dictionaries(st.sampled_from(["x", "y", "z"]), st.frozensets(value, min_size=1), max_size=3)


@given(pairs=facts, single=st.dictionaries(value, keys), asked=choice, rows=keys, quiet=st.frozensets(value))
def test_a_count_is_the_number_of_rows_with_that_value_alone(pairs, single, asked, rows, quiet):
    def facets(asked) -> Facets:
        two, one = Relation("x", "y", when_asked=quiet), Relation("z")
        two.rows.update({values: BitMap(of) for values, of in pairs.items()})
        one.rows.update({(each,): BitMap(of) for each, of in single.items()})
        return Facets(BitMap(rows), [two, one], asked)

    for name in "xyz":
        numbers = {each: len(facets(asked | {name: frozenset([each])}).found) for each in "abc"}
        assert facets(asked).counts(name) == {each: number for each, number in numbers.items() if number}
