"""Positions from a statement: two people at once, bad input, who may, and what it costs."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from statements.models import Position, Statement
from tests.factories import (
    PositionFactory,
    StateFactory,
    StatementFactory,
)
from tests.staff import ADMINISTRATORS, EDITORS, RECORDERS, logged_in, staff, url

from .recording import address, errors, form_of, look, read, rows, save, steps

pytestmark = pytest.mark.django_db

FIRST_DAY, LAST_DAY = datetime.date(2007, 5, 23), datetime.date(2007, 5, 25)


@pytest.fixture
def client():
    return logged_in(staff(RECORDERS))


# Two people at once


def test_what_somebody_changed_since_is_noticed_and_shown(client, statement, laos, victims):
    review = look(client, statement, {f"all-{victims.pk}": "supports"})
    other = staff(EDITORS, username="maria")
    held = Position(state=laos, topic=victims, stance="opposes", date=FIRST_DAY)
    held._history_user = other
    held.save()
    again = save(client, statement, review)
    assert steps(again) == [("Laos", "Victims", "changed"), ("Peru", "Victims", "new")]
    told = [[str(entry.history_user) for entry in step.meanwhile] for step in again.context["steps"]]
    assert told == [["maria"], []]
    assert rows() == [("Laos", "Victims", "opposes", "")]
    assert save(client, statement, again).status_code == 302
    assert rows() == [("Laos", "Victims", "supports", ""), ("Peru", "Victims", "supports", "")]


def test_what_somebody_deleted_since_is_noticed(client, statement, laos, victims):
    held = PositionFactory(state=laos, topic=victims, stance="opposes")
    review = look(client, statement, {f"all-{victims.pk}": "supports"})
    held.delete()
    again = save(client, statement, review)
    assert [[entry.history_type for entry in step.meanwhile] for step in again.context["steps"]] == [["-"], []]
    assert rows() == []


def test_a_character_that_no_database_keeps_is_left_out_of_a_quote(client, statement, laos, victims):
    typed = {f"all-{victims.pk}": "supports", f"quote-{victims.pk}": "As \0said", f"elsewhere-{victims.pk}": "on"}
    assert save(client, statement, look(client, statement, typed)).status_code == 302
    assert rows()[0] == ("Laos", "Victims", "supports", "As said")


def test_nothing_is_saved_that_was_not_looked_at(client, statement, victims):
    sent = form_of(client.get(address(statement))) | {f"all-{victims.pk}": "supports", "action": "save"}
    assert len(steps(client.post(address(statement), sent))) == 2
    assert rows() == []


def test_back_to_the_form_with_all_that_was_typed(client, statement, laos, victims):
    chosen = {f"all-{victims.pk}": "supports", f"cell-{laos.pk}-{victims.pk}": "opposes"}
    review = look(client, statement, chosen | {f"quote-{victims.pk}": "We will help"})
    sent = form_of(review)
    again = form_of(client.post(address(statement), sent | {"action": "back"}))
    names = {name for name in sent if name != "seen"}
    assert {name: again.get(name) for name in names} == {name: sent[name] for name in names}


# Bad input


@pytest.mark.parametrize("key", ["banana", "0", "-1", "9" * 40, "١"])
def test_forged_keys_get_a_sentence(client, statement, victims, key):
    sent = form_of(client.get(address(statement))) | {f"all-{victims.pk}": "supports"}
    answer = client.post(address(statement), sent | {"state": [key], "topic": [key]})
    assert errors(answer)[:2] == [
        f"“{key}” is not the number of a state, or not any more: it is left out.",
        f"“{key}” is not the number of a topic, or not any more: it is left out.",
    ]
    assert rows() == []


def test_forged_stances_get_a_sentence(client, statement, laos, victims, funds):
    changes = {f"all-{victims.pk}": "none", f"all-{funds.pk}": "supports", f"cell-{laos.pk}-{funds.pk}": "banana"}
    expected = "Expected one of supports, conditional, undecided, opposes, announced."
    assert errors(look(client, statement, changes)) == [
        f"Victims: “none” is not a stance. {expected}",
        f"Laos, Funds: “banana” is not a stance. {expected}",
    ]


def test_cell_of_a_state_that_is_not_ticked_gets_a_sentence(client, statement, laos, peru, victims):
    sent = form_of(client.get(address(statement)))
    sent |= {"confirmed": [peru.pk], f"all-{victims.pk}": "supports", f"cell-{laos.pk}-{victims.pk}": "opposes"}
    answer = client.post(address(statement), sent)
    assert errors(answer) == ["Laos has a stance of its own, but is not ticked: tick it, or take it back."]


def test_nothing_chosen_gets_a_sentence(client, statement):
    answer = look(client, statement, {})
    assert errors(answer) == ["There is nothing to record yet. Choose a stance on at least one topic."]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"date": "banana"}, "date"),
        ({"date": ""}, "date"),
        ({"conference": "999"}, "conference"),
        ({"date_precision": "conference"}, "date_precision"),
        ({"source_url": "no address"}, "source_url"),
    ],
)
def test_bad_common_fields_get_a_sentence(client, statement, victims, change, field):
    sent = form_of(client.get(address(statement))) | {f"all-{victims.pk}": "supports"} | change
    answer = client.post(address(statement), sent | {"action": "save"})
    assert list(answer.context["common"].errors) == [field]
    assert form_of(answer)[f"all-{victims.pk}"] == ["supports"]


def test_first_day_that_there_is_has_none_before_it(client, statement, victims):
    sent = form_of(client.get(address(statement))) | {f"all-{victims.pk}": "supports", "date": "0001-01-01"}
    answer = client.post(address(statement), sent | {"action": "look"})
    assert answer.status_code == 200
    assert {step.held for step in answer.context["steps"]} == {None}


# Who may


@pytest.mark.parametrize("group", [RECORDERS, EDITORS, ADMINISTRATORS])
@pytest.mark.parametrize("published", [True, False])
def test_those_who_record_may_also_from_a_published_statement(group, published, laos, victims):
    client = logged_in(staff(group))
    statement = StatementFactory(published=published, states=[laos], topics=[victims])
    before = statement.history.count()
    assert save(client, statement, look(client, statement, {f"all-{victims.pk}": "opposes"})).status_code == 302
    assert rows() == [("Laos", "Victims", "opposes", "")]
    assert statement.history.count() == before


@pytest.mark.parametrize(
    "permissions", [[], ["statements.add_position"], ["statements.view_statement", "statements.change_position"]]
)
def test_who_may_not_add_positions_or_see_the_statement_may_not(permissions, statement, victims):
    client = logged_in(staff(permissions=permissions))
    assert client.get(address(statement)).status_code == 403
    assert client.post(address(statement), {"action": "save"}).status_code == 403


def test_visitors_are_asked_to_log_in(statement):
    anonymous = logged_in(staff(is_active=True))
    anonymous.logout()
    answer = anonymous.get(address(statement))
    assert (answer.status_code, answer.url) == (302, f"/admin/login/?next={address(statement)}")


def test_who_may_only_add_cannot_change(statement, laos, victims):
    client = logged_in(staff(permissions=["statements.view_statement", "statements.add_position"]))
    PositionFactory(state=laos, topic=victims, stance="opposes")
    review = look(client, statement, {f"all-{victims.pk}": "supports"})
    assert review.context["may_not"]
    assert save(client, statement, review).context["may_not"]
    assert rows() == [("Laos", "Victims", "opposes", "")]
    review = look(client, statement, {f"all-{victims.pk}": "supports", f"cell-{laos.pk}-{victims.pk}": "none"})
    assert save(client, statement, review).status_code == 302
    assert rows() == [("Laos", "Victims", "opposes", ""), ("Peru", "Victims", "supports", "")]


def test_no_such_statement(client):
    assert client.get("/admin/statements/statement/999/positions/").status_code == 404
    assert client.get(f"/admin/statements/statement/{'9' * 40}/positions/").status_code == 404


def test_page_is_reached_from_the_form_and_the_list(client, statement):
    for page in (url(statement, "change"), url(Statement, "changelist")):
        links = [link.attrs.get("href") for link in read(client.get(page)).all("a")]
        assert links.count(address(statement)) == 1
    for permissions in (["statements.view_statement"], ["statements.change_statement", "statements.add_position"]):
        reader = logged_in(staff(permissions=permissions))
        assert reader.get(address(statement)).status_code == 403
        for page in (url(statement, "change"), url(Statement, "changelist")):
            assert address(statement) not in [link.attrs.get("href") for link in read(reader.get(page)).all("a")]


# Costs


def test_costs_the_same_for_one_state_and_for_sixty(client, victims, funds):
    costs = []
    for number in (1, 60):
        statement = StatementFactory(states=StateFactory.create_batch(number), topics=[victims, funds], text="Yes.")
        for state in statement.states.all():
            PositionFactory(state=state, topic=funds)
        client.get(address(statement))
        with CaptureQueriesContext(connection) as shown:
            page = client.get(address(statement))
        sent = form_of(page) | {f"all-{topic.pk}": "opposes" for topic in (victims, funds)}
        with CaptureQueriesContext(connection) as looked:
            review = client.post(address(statement), sent)
        with CaptureQueriesContext(connection) as saved:
            assert save(client, statement, review).status_code == 302
        costs.append((len(shown), len(looked), len(saved)))
    assert costs[0] == costs[1]
    assert Position.objects.filter(stance="opposes").count() == 122
