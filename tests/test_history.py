"""Every change is in the history: what was before, what is after, and what it was about."""

import pytest
from django.apps import apps

from tests.factories import (
    FACTORIES,
    ConferenceFactory,
    ReportFactory,
    ReportPointFactory,
    StateFactory,
    StatementFactory,
    TopicFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

RECORDED = [factory for factory in FACTORIES if factory is not UserFactory]


def test_every_model_has_a_history():
    models = {
        model
        for app in ("states", "conferences", "statements", "pages")
        for model in apps.get_app_config(app).get_models()
        if not hasattr(model, "history_object") and not hasattr(model, "m2m_history_id")
    }
    assert {model for model in models if hasattr(model, "history")} == models
    assert models == {factory._meta.model for factory in RECORDED}


@pytest.mark.parametrize("factory", RECORDED)
def test_creating_changing_and_deleting_are_in_the_history(factory):
    record = factory()
    key, history = record.pk, type(record).history
    record.save()
    record.delete()
    changes = history.filter(id=key).order_by("history_id")
    assert list(changes.values_list("history_type", flat=True)) == ["+", "~", "-"]


def test_history_holds_what_was_before_and_after():
    state = StateFactory(name="Burma")
    state.name = "Myanmar"
    state.save()
    assert list(state.history.order_by("history_id").values_list("name", flat=True)) == ["Burma", "Myanmar"]


@pytest.mark.parametrize(
    ("factory", "relation", "other"),
    [
        (StatementFactory, "states", StateFactory),
        (StatementFactory, "topics", TopicFactory),
        (ReportPointFactory, "states", StateFactory),
        (ReportFactory, "events", ConferenceFactory),
        (ConferenceFactory, "hosts", StateFactory),
    ],
)
def test_what_is_added_and_taken_away_is_in_the_history(factory, relation, other):
    record, one, two = factory(), other(), other()
    related = getattr(record, relation)
    related.set([one, two])
    related.remove(one)
    field = related.target_field_name
    states = [
        sorted(getattr(row, f"{field}_id") for row in getattr(version, relation).all())
        for version in record.history.order_by("history_id")
    ]
    assert states == [[], [one.pk, two.pk], [two.pk]]
