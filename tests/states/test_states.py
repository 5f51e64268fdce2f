import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from states.models import State, StateName
from tests.factories import GroupFactory, StateFactory, StateNameFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def laos():
    return StateFactory(name="Laos", iso3="LAO", iso2="LA")


@pytest.fixture
def other():
    return StateFactory(name="Elsewhere")


def refusal(record):
    with pytest.raises(ValidationError) as refused:
        record.full_clean()
    return refused.value.message_dict


def named_like(text):
    return [state.name for state in State.objects.named_like(text)]


def test_state_gets_its_slug_from_its_name_and_keeps_it():
    state = StateFactory(name="Côte d’Ivoire")
    assert (str(state), state.slug, state.normalised) == ("Côte d’Ivoire", "cote-divoire", "cotedivoire")
    state.name = "Ivory Coast"
    state.save()
    assert (state.slug, state.normalised) == ("cote-divoire", "ivorycoast")


def test_state_without_latin_letters_has_its_code_for_a_slug():
    assert StateFactory(name="ລາວ", iso3="LAO", iso2="LA").slug == "lao"


@pytest.mark.parametrize("code", ["lao", "LA1", "LA", "LAO\n"])
def test_code_is_of_three_capital_letters(laos, code):
    laos.iso3 = code
    assert "Three capital letters, such as LAO." in refusal(laos)["iso3"]


def test_states_are_listed_by_their_names_without_accents():
    for name in ("Egypt", "Zambia", "États", "Austria"):
        StateFactory(name=name)
    assert [state.name for state in State.objects.all()] == ["Austria", "Egypt", "États", "Zambia"]


def test_state_needs_a_name_with_letters():
    state = StateFactory.build(name="—")
    assert refusal(state) == {"name": ["A name needs at least one letter or digit."]}


@pytest.mark.parametrize("name", ["Laos", "LAOS", "Láos", "The Laos", "La-os"])
def test_state_may_not_take_the_name_of_another(laos, name):
    state = StateFactory.build(name=name)
    assert refusal(state)["name"] == [f"“{name}” already names Laos (LAO)."]


@pytest.mark.parametrize("name", ["LAO", "la"])
def test_state_may_not_take_the_code_of_another_for_its_name(laos, name):
    assert refusal(StateFactory.build(name=name))["name"] == [f"“{name}” already names Laos (LAO)."]


def test_state_may_not_take_another_name_of_another(laos):
    StateNameFactory(state=laos, name="Lao PDR")
    assert refusal(StateFactory.build(name="LAO P.D.R.")) == {"name": ["“Lao PDR” is already a name of Laos."]}


def test_state_may_not_have_a_code_that_is_another_name_of_another(laos):
    StateNameFactory(state=laos, name="LPD")
    assert refusal(StateFactory.build(iso3="LPD")) == {"name": ["“LPD” is already a name of Laos."]}


def test_state_may_be_called_by_one_of_its_own_other_names(laos):
    StateNameFactory(state=laos, name="Lao PDR")
    laos.name = "Lao PDR"
    laos.full_clean()
    laos.save()
    assert State.objects.get().normalised == "laopdr"


def test_database_refuses_a_second_state_of_the_same_name(laos):
    with pytest.raises(IntegrityError), transaction.atomic():
        StateFactory(name="LAOS", slug="another")


@pytest.mark.parametrize("name", ["Laos", "laos.", "LAO", "la", "L.A."])
def test_other_name_may_not_be_a_name_or_code_of_another_state(laos, other, name):
    record = StateName(state=other, name=name)
    assert refusal(record) == {"name": [f"“{name}” already names Laos (LAO)."]}


def test_code_of_sao_tome_is_not_read_as_saint(other):
    StateFactory(name="Sao Tome and Principe", iso3="STP", iso2="ST")
    record = StateName(state=other, name="St.")
    assert refusal(record) == {"name": ["“St.” already names Sao Tome and Principe (STP)."]}


def test_other_name_may_not_be_another_name_of_another_state(laos, other):
    StateNameFactory(state=laos, name="Lao PDR")
    record = StateName(state=other, name="Lao P.D.R.")
    assert refusal(record) == {"name": ["“Lao P.D.R.” already names Laos (LAO)."]}


def test_other_name_is_recorded_once_for_a_state(laos):
    StateNameFactory(state=laos, name="Lao PDR")
    record = StateName(state=laos, name="lao pdr")
    assert refusal(record) == {"name": ["“lao pdr” already names Laos (LAO)."]}
    with pytest.raises(IntegrityError), transaction.atomic():
        record.save()


@pytest.mark.parametrize("name", ["Lao PDR", "LAO", "Laos"])
def test_other_name_may_be_a_code_or_name_of_its_own_state(laos, name):
    record = StateName(state=laos, name=name)
    record.full_clean()
    record.save()
    record.full_clean()
    assert laos.names.get().name == name


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("laos", ["Laos"]),
        ("lao", ["Laos"]),
        (" LA ", ["Laos"]),  # its code, and a part of its name
        ("people's democratic", ["Laos"]),
        ("PEOPLES-DEMOCRATIC", ["Laos"]),
        ("D'IVOIRE", ["Côte d’Ivoire"]),
        ("cote d", ["Côte d’Ivoire"]),
        ("civ", ["Côte d’Ivoire"]),
        ("Ci", ["Côte d’Ivoire"]),
        ("st vin", ["Saint Vincent and the Grenadines"]),
        ("vincent & the", ["Saint Vincent and the Grenadines"]),
        ("vct", ["Saint Vincent and the Grenadines"]),
        ("o", ["Côte d’Ivoire", "Laos"]),
        ("", ["Côte d’Ivoire", "Laos", "Saint Vincent and the Grenadines"]),
        ("  ", ["Côte d’Ivoire", "Laos", "Saint Vincent and the Grenadines"]),
        ("—", []),
        ("%", []),
        ("_", []),
        ("Atlantis", []),
    ],
)
def test_states_named_like_a_text(laos, text, found):
    StateNameFactory(state=laos, name="Lao People's Democratic Republic")
    StateFactory(name="Côte d’Ivoire", iso3="CIV", iso2="CI")
    StateFactory(name="Saint Vincent and the Grenadines", iso3="VCT", iso2="VC")
    assert named_like(text) == found


def test_state_with_several_names_like_the_text_is_found_once(laos):
    StateNameFactory(state=laos, name="Lao PDR")
    StateNameFactory(state=laos, name="Lao DPR")
    assert named_like("lao") == ["Laos"]


def test_names_are_looked_for_within_the_list_that_is_asked(laos):
    StateFactory(name="Laodicea", region="Asia")
    assert [s.name for s in State.objects.filter(region="Asia").named_like("lao")] == ["Laodicea"]


def test_deleting_a_state_deletes_its_names(laos):
    StateNameFactory(state=laos, name="Lao PDR")
    laos.delete()
    assert StateName.objects.count() == 0


def test_group_needs_a_slug():
    group = GroupFactory.build(name="Группа")
    assert refusal(group) == {"slug": ["Its name has no Latin letters to make it from."]}


def test_form_of_the_name_follows_when_only_the_name_is_saved(laos):
    StateNameFactory(state=laos, name="Lao PDR")
    State.objects.update_or_create(iso3="LAO", defaults={"name": "Lane Xang"})
    StateName.objects.update_or_create(state=laos, defaults={"name": "Lao DPR"})
    assert list(State.objects.values_list("normalised", "names__normalised")) == [("lanexang", "laodpr")]
