"""States and instruments in the admin: found by any name, and recorded from their own pages."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from states.models import Commitment, Membership
from tests.factories import (
    AttendanceFactory,
    CommitmentFactory,
    GroupFactory,
    InstrumentFactory,
    MembershipFactory,
    PositionFactory,
    StateFactory,
    StatementFactory,
    StateNameFactory,
)
from tests.staff import EDITORS, RECORDERS, errors_of, logged_in, rows, save, staff, url

pytestmark = pytest.mark.django_db

SPELLINGS = ["Laos", "lao pdr", "Lao P.D.R.", "LAO", "la", "Lao People’s Democratic"]


@pytest.fixture
def client():
    return logged_in(staff(RECORDERS))


@pytest.fixture
def laos():
    state = StateFactory(name="Laos", iso3="LAO", iso2="LA")
    StateNameFactory(state=state, name="Lao PDR")
    StateNameFactory(state=state, name="Lao People's Democratic Republic")
    StateFactory(name="Peru", iso3="PER", iso2="PE")
    return state


def found(client, model, text) -> list:
    return list(client.get(url(model, "changelist"), {"q": text}).context["cl"].result_list)


def suggested(client, model: str, field: str, term: str) -> list[str]:
    asked = {"app_label": model.split(".")[0], "model_name": model.split(".")[1], "field_name": field, "term": term}
    return [one["text"] for one in client.get(reverse("admin:autocomplete"), asked).json()["results"]]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_state_is_found_by_any_of_its_names(client, laos, spelling):
    assert found(client, type(laos), spelling) == [laos]


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize(
    ("model", "field"),
    [
        ("states.commitment", "state"),
        ("conferences.attendance", "state"),
        ("conferences.conference", "hosts"),
        ("conferences.reportpoint", "states"),
        ("statements.statement", "states"),
        ("statements.position", "state"),
    ],
)
def test_state_is_suggested_by_any_of_its_names(client, laos, spelling, model, field):
    assert suggested(client, model, field, spelling) == ["Laos"]


def test_state_that_nobody_knows_is_not_found(client, laos):
    assert found(client, type(laos), "Atlantis") == found(client, type(laos), "!") == []


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("factory", [CommitmentFactory, MembershipFactory, AttendanceFactory, PositionFactory])
def test_facts_are_found_by_any_name_of_their_state(client, laos, spelling, factory):
    fact, _other = factory(state=laos), factory()
    assert found(client, type(fact), spelling) == [fact]


def test_statement_is_found_once_by_any_of_its_states(client, laos):
    statement = StatementFactory(states=[laos, StateFactory(name="Laotian Isles")], title="Lao words")
    assert found(client, type(statement), "Lao") == [statement]


def test_facts_are_found_by_what_else_they_say(client, laos):
    fact, _other = CommitmentFactory(state=laos, footnote="With a declaration"), CommitmentFactory()
    assert found(client, Commitment, "declaration") == found(client, Commitment, "laos declaration") == [fact]


def test_names_memberships_and_commitments_are_recorded_from_the_state(client, laos):
    group, treaty = GroupFactory(), InstrumentFactory()
    answer = save(
        client,
        laos,
        rows("names", 2, {"name": "Lao DPR"}),
        rows("memberships", 0, {"group": group.pk, "start": "1997-07-23"}),
        rows(
            "commitments",
            0,
            {
                "instrument": treaty.pk,
                "act": "signed",
                "date": "2008-12-01",
                "date_precision": "month",
                "footnote": "1",
            },
        ),
    )
    assert answer.status_code == 302, errors_of(answer)
    assert sorted(laos.names.values_list("name", flat=True)) == [
        "Lao DPR",
        "Lao PDR",
        "Lao People's Democratic Republic",
    ]
    assert [(one.group, one.start) for one in laos.memberships.all()] == [(group, datetime.date(1997, 7, 23))]
    signed = laos.commitments.get()
    assert (signed.instrument, signed.act, signed.date_text, signed.footnote) == (
        treaty,
        "signed",
        "December 2008",
        "1",
    )


def test_commitment_is_added_from_the_instrument_and_the_others_stay(client):
    earlier, peru = CommitmentFactory(), StateFactory()
    treaty = earlier.instrument
    forged = {"commitments-0-footnote": "Forged", "commitments-0-act": "ratified"}
    answer = save(client, treaty, rows("commitments", 1, {"state": peru.pk, "act": "signed"}), forged)
    assert answer.status_code == 302, errors_of(answer)
    acts = treaty.commitments.order_by("pk").values_list("state", "act", "date", "footnote")
    assert list(acts) == [(earlier.state_id, "signed", earlier.date, ""), (peru.pk, "signed", None, "")]


@pytest.mark.parametrize(
    "twice",
    [
        lambda treaty, _: [{"instrument": treaty, "act": "signed"}] * 2,
        lambda treaty, _: [
            {"instrument": treaty, "act": "signed", "date": day, "date_precision": "month"}
            for day in ("2008-12-01", "2008-12-03")
        ],
    ],
)
def test_act_entered_twice_gets_a_sentence(client, laos, twice):
    answer = save(client, laos, rows("commitments", 0, *twice(InstrumentFactory().pk, laos)))
    assert errors_of(answer) == ["This act is already recorded."]
    assert Commitment.objects.count() == 0


def test_name_entered_twice_in_two_spellings_gets_a_sentence(client, laos):
    answer = save(client, laos, rows("names", 2, {"name": "R.D.P. Lao"}, {"name": "the RDP-Lao"}))
    assert errors_of(answer) == ["This is already recorded."]
    assert laos.names.count() == 2


def test_name_of_another_state_gets_a_sentence(client, laos):
    answer = save(client, laos, rows("names", 2, {"name": "PERU"}))
    assert errors_of(answer) == ["“PERU” already names Peru (PER)."]


def test_memberships_entered_on_the_same_days_get_a_sentence(client, laos):
    group = GroupFactory().pk
    new = [{"group": group, "start": "1997-01-01"}, {"group": group, "start": "1999-01-01"}]
    assert errors_of(save(client, laos, rows("memberships", 0, *new))) == [Membership.OVERLAP]
    new[0]["end"] = "1998-12-31"
    assert save(client, laos, rows("memberships", 0, *new)).status_code == 302
    assert laos.memberships.count() == 2


def test_facts_of_a_state_are_all_on_its_page(client, laos):
    for factory in (MembershipFactory, CommitmentFactory, AttendanceFactory, PositionFactory):
        factory(state=laos)
    shown = client.get(url(laos, "change")).context["inline_admin_formsets"]
    assert {one.formset.prefix: len(one.formset.forms) for one in shown} == {
        "names": 2,
        "memberships": 1,
        "commitments": 1,
        "attendances": 1,
        "positions": 1,
    }


@pytest.mark.parametrize("factory", [MembershipFactory, CommitmentFactory, AttendanceFactory, PositionFactory])
def test_page_of_a_state_costs_the_same_for_one_fact_and_for_thirty(laos, factory):
    client = logged_in(staff(EDITORS))
    page, costs = url(laos, "change"), []
    for number in (1, 29):
        factory.create_batch(number, state=laos)
        client.get(page)
        with CaptureQueriesContext(connection) as captured:
            client.get(page)
        costs.append(len(captured))
    assert costs[0] == costs[1]


def test_page_of_an_instrument_costs_the_same_for_one_commitment_and_for_thirty(client):
    treaty, costs = InstrumentFactory(), []
    for number in (1, 29):
        CommitmentFactory.create_batch(number, instrument=treaty)
        client.get(url(treaty, "change"))
        with CaptureQueriesContext(connection) as captured:
            client.get(url(treaty, "change"))
        costs.append(len(captured))
    assert costs[0] == costs[1]
