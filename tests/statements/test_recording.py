"""Positions recorded from a statement: several states on several topics at once."""

import datetime

import pytest

from statements.models import Position, Statement
from tests.factories import (
    ConferenceFactory,
    GroupFactory,
    MembershipFactory,
    OrganizationFactory,
    PositionFactory,
    StateFactory,
    StatementFactory,
)
from tests.staff import RECORDERS, logged_in, staff

from .recording import address, errors, form_of, look, read, rows, save, steps

pytestmark = pytest.mark.django_db

FIRST_DAY, LAST_DAY = datetime.date(2007, 5, 23), datetime.date(2007, 5, 25)


@pytest.fixture
def user():
    return staff(RECORDERS)


@pytest.fixture
def client(user):
    return logged_in(user)


def test_several_states_and_topics_in_one_move_each(client, statement, laos, victims, funds):
    lima = ConferenceFactory(end_date=LAST_DAY)
    Statement.objects.update(conference=lima, date=LAST_DAY, date_precision="conference", source_note="Page 2")
    review = look(
        client,
        statement,
        {f"all-{victims.pk}": "supports", f"quote-{victims.pk}": "We will help"}
        | {f"all-{funds.pk}": "conditional", f"cell-{laos.pk}-{funds.pk}": "opposes"},
    )
    assert steps(review) == [
        ("Laos", "Funds", "new"),
        ("Laos", "Victims", "new"),
        ("Peru", "Funds", "new"),
        ("Peru", "Victims", "new"),
    ]
    assert not Position.objects.exists()
    assert save(client, statement, review).status_code == 302
    assert rows() == [
        ("Laos", "Funds", "opposes", ""),
        ("Laos", "Victims", "supports", "We will help"),
        ("Peru", "Funds", "conditional", ""),
        ("Peru", "Victims", "supports", "We will help"),
    ]
    same = ["date", "date_precision", "conference", "statement", "source_url", "source_note"]
    assert set(Position.objects.order_by().values_list(*same)) == {
        (LAST_DAY, "conference", lima.pk, statement.pk, "https://example.org/said", "Page 2")
    }


def test_what_is_recorded_is_in_the_history(client, user, statement, laos, victims):
    held = PositionFactory(state=laos, topic=victims, stance="opposes", summary="As before")
    before = statement.history.count()
    save(client, statement, look(client, statement, {f"all-{victims.pk}": "supports"}))
    reason = f"Recorded from the statement “{statement}”"
    entries = Position.history.filter(history_change_reason=reason).order_by("history_type")
    assert list(entries.values_list("history_type", "state__name", "stance", "summary", "history_user")) == [
        ("+", "Peru", "supports", "", user.pk),
        ("~", "Laos", "supports", "As before", user.pk),
    ]
    assert held.history.count() == 2
    assert statement.history.count() == before


def test_position_of_the_same_day_is_changed_and_not_doubled(client, statement, laos, peru, victims):
    changed = PositionFactory(state=laos, topic=victims, stance="undecided", source_url="https://example.org/old")
    same = PositionFactory(
        state=peru, topic=victims, stance="supports", statement=statement, source_url="https://example.org/said"
    )
    PositionFactory(state=peru, topic=victims, date=LAST_DAY)
    review = look(client, statement, {f"all-{victims.pk}": "supports"})
    assert steps(review) == [("Laos", "Victims", "changed"), ("Peru", "Victims", "unchanged")]
    assert review.context["steps"][0].changes == [
        ("stance", "Undecided", "Supports"),
        ("evidence", "", str(statement)),
        ("source", "https://example.org/old", "https://example.org/said"),
    ]
    assert save(client, statement, review).status_code == 302
    changed.refresh_from_db()
    assert (changed.stance, changed.statement, Position.objects.count()) == ("supports", statement, 3)
    assert same.history.count() == 1


def test_quote_of_another_statement_does_not_stay_with_this_one(client, statement, laos, victims):
    other = PositionFactory(state=laos, topic=victims, statement=StatementFactory(), quote="Never.")
    save(client, statement, look(client, statement, {f"all-{victims.pk}": "supports"}))
    other.refresh_from_db()
    assert (other.statement, other.quote) == (statement, "")


def test_what_is_left_blank_stays_as_it_was(client, laos, victims):
    lima = ConferenceFactory()
    held = PositionFactory(state=laos, topic=victims, quote="Yes.", conference=lima, source_url="https://a.example/")
    statement = StatementFactory(states=[laos], topics=[victims])
    save(client, statement, look(client, statement, {f"all-{victims.pk}": "opposes"}))
    held.refresh_from_db()
    assert (held.stance, held.quote, held.conference, held.source_url) == (
        "opposes",
        "Yes.",
        lima,
        "https://a.example/",
    )


def test_no_change_in_one_cell_leaves_that_state_out(client, statement, laos, victims):
    review = look(client, statement, {f"all-{victims.pk}": "supports", f"cell-{laos.pk}-{victims.pk}": "none"})
    assert steps(review) == [("Peru", "Victims", "new")]


def test_where_they_stand_on_that_day_is_shown(client, statement, laos, peru, victims):
    PositionFactory(state=laos, topic=victims, stance="undecided", date="2007-05-01")
    PositionFactory(state=peru, topic=victims, stance="opposes")
    PositionFactory(state=peru, topic=victims, date=LAST_DAY)
    page = read(client.get(address(statement)))
    assert page.texts("span", class_="held") == ["until now: Undecided, 1 May 2007", "on this day : Opposes"]
    review = look(client, statement, {f"all-{victims.pk}": "supports"})
    assert [step.held and step.held.stance for step in review.context["steps"]] == [None, "undecided"]


def test_date_and_source_are_changed_once_for_all(client, statement, victims):
    review = look(
        client,
        statement,
        {f"all-{victims.pk}": "supports", "date": "2007-05-30", "date_precision": "month", "source_note": "By mail"},
    )
    save(client, statement, review)
    assert set(Position.objects.order_by().values_list("date", "source_note")) == {
        (datetime.date(2007, 5, 31), "By mail")
    }


# Who is asked about


def test_members_of_the_day_are_to_be_confirmed(client, laos, peru, victims):
    africa = GroupFactory()
    MembershipFactory(group=africa, state=laos, start="2000-01-01")
    MembershipFactory(group=africa, state=peru, start=None)
    MembershipFactory(group=africa, start="2007-05-24")
    statement = StatementFactory(group=africa, topics=[victims])
    grid = client.get(address(statement)).context["grid"]
    assert [(str(row.state), row.confirmed, row.undated) for row in grid.rows] == [
        ("Laos", False, False),
        ("Peru", False, True),
    ]
    answer = look(client, statement, {f"all-{victims.pk}": "supports"})
    assert errors(answer) == ["No state is ticked. Tick those whose position this statement shows."]
    assert steps(look(client, statement, {f"all-{victims.pk}": "supports", "confirmed": peru.pk})) == [
        ("Peru", "Victims", "new")
    ]
    assert len(steps(look(client, statement, {f"all-{victims.pk}": "supports", "everyone": "on"}))) == 2


def test_state_is_unticked_after_all_were_ticked(client, laos, peru, victims):
    africa = GroupFactory()
    for state in (laos, peru):
        MembershipFactory(group=africa, state=state, start="2000-01-01")
    statement = StatementFactory(group=africa, topics=[victims])
    review = look(client, statement, {f"all-{victims.pk}": "supports", "everyone": "on"})
    back = form_of(client.post(address(statement), form_of(review) | {"action": "back"}))
    assert back["confirmed"] == [str(laos.pk), str(peru.pk)]
    answer = client.post(address(statement), back | {"confirmed": [peru.pk], "action": "look"})
    assert steps(answer) == [("Peru", "Victims", "new")]


def test_statement_of_an_organization_says_that_it_has_no_states(client, victims):
    statement = StatementFactory(organization=OrganizationFactory(), topics=[victims])
    said = "The statement of an organization has no states. Add those whose position it shows, if it shows any."
    assert said in read(client.get(address(statement))).texts("p", class_="warning-note")
    answer = look(client, statement, {f"all-{victims.pk}": "supports"})
    assert errors(answer) == ["No state is ticked. Tick those whose position this statement shows."]


def test_other_states_and_topics_are_added_by_any_name(client, victims):
    chad = StateFactory(name="Chad", iso3="TCD")
    statement = StatementFactory()
    answer = look(client, statement, {"more_states": "tcd; Atlantis", "more_topics": "victims"})
    grid = answer.context["grid"]
    assert [(row.state, row.confirmed) for row in grid.rows] == [(chad, True)]
    assert [column.topic for column in grid.columns] == [victims]
    assert (grid.typed, grid.unknown) == (
        {"more_states": "Atlantis", "more_topics": ""},
        {"more_states": ["“Atlantis” is not a known state."]},
    )
    sent = form_of(answer) | {"more_states": "", f"all-{victims.pk}": "supports"}
    assert steps(client.post(address(statement), sent)) == [("Chad", "Victims", "new")]


def test_positions_recorded_from_it_are_there_again(client, victims):
    held = PositionFactory(topic=victims, statement=StatementFactory(text="We will help."), quote="will help")
    response = client.get(address(held.statement))
    grid = response.context["grid"]
    assert [(row.state, row.confirmed) for row in grid.rows] == [(held.state, False)]
    assert read(response).texts("mark") == ["will help"]
    assert read(response).one("span", class_="of-topic").one("a").attrs["href"] == "#topic-victims"
    assert read(response).one("dt", id="topic-victims").text == "Victims"


# Quotes


def test_quote_must_occur_unless_it_is_known_to_be_from_elsewhere(client, statement, victims):
    chosen = {f"all-{victims.pk}": "supports", f"quote-{victims.pk}": "We will not help"}
    answer = look(client, statement, chosen)
    assert errors(answer) == [
        "These words do not occur in the text of the statement. Correct them, or tick that the quote is from elsewhere."
    ]
    assert form_of(answer)[f"quote-{victims.pk}"] == ["We will not help"]
    assert len(steps(look(client, statement, chosen | {f"elsewhere-{victims.pk}": "on"}))) == 2


def test_any_quote_fits_a_statement_without_text(client, laos, victims):
    statement = StatementFactory(states=[laos], topics=[victims])
    review = look(client, statement, {f"all-{victims.pk}": "supports", f"quote-{victims.pk}": "Yes."})
    assert steps(review) == [("Laos", "Victims", "new")]


def test_quote_with_no_stance_gets_a_sentence(client, statement, victims, funds):
    answer = look(client, statement, {f"all-{funds.pk}": "supports", f"quote-{victims.pk}": "We will help"})
    assert errors(answer) == ["These words show no stance yet: choose one, or take them out."]


def test_review_marks_the_quotes_in_the_text(client, statement, victims):
    review = look(client, statement, {f"all-{victims.pk}": "supports", f"quote-{victims.pk}": "We will help"})
    assert read(review).texts("mark") == ["We will help"]


def test_public_page_marks_the_quotes_and_leads_to_their_topics(client, statement, laos, victims):
    PositionFactory(state=laos, topic=victims, statement=statement, quote="We'll pay.")
    page = read(client.get(statement.get_absolute_url()))
    assert page.texts("mark") == ["We’ll pay."]
    assert page.one("span", class_="of-topic").one("a").attrs["href"] == "#topic-victims"
    assert page.one("h3", id="topic-victims").text == "Victims"
