"""Positions recorded from a statement: several states on several topics at once."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from statements.models import Position, Statement
from tests.factories import (
    ConferenceFactory,
    GroupFactory,
    MembershipFactory,
    OrganizationFactory,
    PositionFactory,
    StateFactory,
    StatementFactory,
    TopicFactory,
)
from tests.pages import Page
from tests.staff import ADMINISTRATORS, EDITORS, RECORDERS, logged_in, staff, url

pytestmark = pytest.mark.django_db

FIRST_DAY, LAST_DAY = datetime.date(2007, 5, 23), datetime.date(2007, 5, 25)


@pytest.fixture
def user():
    return staff(RECORDERS)


@pytest.fixture
def client(user):
    return logged_in(user)


@pytest.fixture
def laos():
    return StateFactory(name="Laos")


@pytest.fixture
def peru():
    return StateFactory(name="Peru")


@pytest.fixture
def victims():
    return TopicFactory(name="Victims")


@pytest.fixture
def funds():
    return TopicFactory(name="Funds")


@pytest.fixture
def statement(laos, peru, victims, funds):
    return StatementFactory(
        states=[laos, peru],
        topics=[victims, funds],
        text="We will  help all victims. We’ll pay.",
        source_url="https://example.org/said",
    )


def address(statement) -> str:
    return url(statement, "positions")


def read(response) -> Page:
    assert response.status_code == 200
    return Page(response.content.decode())


def form_of(response) -> dict:
    """What a browser without script sends of the page, without the button."""
    form = next(
        one
        for one in read(response).all("form")
        if one.all("input", name="csrfmiddlewaretoken") and (one.all("button", name="action"))
    )
    sent = {}

    def add(element, value):
        sent.setdefault(element.attrs["name"], []).append(value)

    for element in form.all("input", "select", "textarea"):
        if element.attrs["name"] == "csrfmiddlewaretoken":
            continue
        kind = element.attrs.get("type")
        if element.tag == "select":
            options = element.all("option")
            add(element, next((o for o in options if "selected" in o.attrs), options[0]).attrs["value"])
        elif element.tag == "textarea":
            add(element, "".join(element.children).strip())
        elif kind != "checkbox" or "checked" in element.attrs:
            add(element, element.attrs.get("value", "on" if kind == "checkbox" else ""))
    return sent


def look(client, statement, changes: dict):
    """Open the page, make the changes, and look at what it would do."""
    sent = form_of(client.get(address(statement))) | changes
    return client.post(address(statement), sent | {"action": "look"})


def save(client, statement, review):
    return client.post(address(statement), form_of(review) | {"action": "save"})


def steps(response) -> list[tuple]:
    return [(str(s.position.state), str(s.position.topic), str(s.outcome)) for s in response.context["steps"]]


def errors(response) -> list[str]:
    grid = response.context["grid"]
    return grid.errors + [error for column in grid.columns for error in column.errors]


def rows() -> list[tuple]:
    of = Position.objects.order_by("state__slug", "topic__name")
    return list(of.values_list("state__name", "topic__name", "stance", "quote"))


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
    reader = logged_in(staff(permissions=["statements.view_statement"]))
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
