"""A list pasted into a roll-call: names recognised, told, left out and remembered; nothing is guessed."""

import pytest

from conferences.models import Attendance
from states.models import StateName
from tests.factories import AttendanceFactory, StateFactory, StateNameFactory
from tests.staff import logged_in, staff

from .rollcalls import fields_in, opened, record_of, saved, shown, step

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(recorder):
    return logged_in(recorder)


@pytest.fixture
def states():
    """Laos, which has another name, Peru, Spain, and two Koreas."""
    laos = StateFactory(name="Laos", iso2="LA", iso3="LAO")
    StateNameFactory(state=laos, name="Lao PDR")
    korea = [StateFactory(name=f"{which} Korea", iso2=two, iso3=three) for which, two, three in KOREAS]
    peru, spain = StateFactory(name="Peru", iso2="PE", iso3="PER"), StateFactory(name="Spain", iso2="ES", iso3="ESP")
    return {"laos": laos, "peru": peru, "spain": spain, "north": korea[0], "south": korea[1]}


KOREAS = [("North", "KP", "PRK"), ("South", "KR", "KOR")]


def paste(client, conference, text: str, **sent):
    base = opened(client, conference) | {"list": text} | sent
    return step(client, conference, "paste", base)


def to_be_told(page) -> list[tuple]:
    return [(one.text, [str(state) for state in one.options]) for one in page.context["names"] if not one.done]


def test_states_of_a_list_are_filled_in_and_nothing_is_saved(client, lima, states):
    AttendanceFactory(conference=lima, state=states["spain"], role="absent")
    page = paste(client, lima, "Lao PDR*, Peru\n\n* From the second day.")
    assert page.context["told"] == ["2 names: 2 recognised, 0 to be told. Nothing is saved yet."]
    assert record_of(lima) == [("Spain", "absent", "", "")]
    saved(client, lima, fields_in(page))
    assert record_of(lima) == [
        ("Laos", "participant", "Lao PDR", "From the second day."),
        ("Peru", "participant", "", ""),
        ("Spain", "absent", "", ""),
    ]


def test_role_of_the_states_in_the_list_is_chosen(client, lima, states):
    saved(client, lima, fields_in(paste(client, lima, "Peru", list_role="observer")))
    assert record_of(lima) == [("Peru", "observer", "", "")]


@pytest.mark.parametrize(("rest", "role"), [("", "invited"), ("absent", "absent"), ("none", None)])
def test_all_other_states_stay_as_they_are_unless_it_is_said(client, lima, states, rest, role):
    AttendanceFactory(conference=lima, state=states["spain"], role="invited", footnote="By letter.")
    saved(client, lima, fields_in(paste(client, lima, "Peru", rest=rest)))
    spain = lima.attendances.filter(state=states["spain"]).values_list("role", flat=True).first()
    assert (spain, lima.attendances.count()) == (role, {"": 2, "absent": 5, "none": 1}[rest])


def test_all_other_states_are_not_those_of_an_earlier_list(client, lima, states):
    AttendanceFactory(conference=lima, state=states["peru"])
    first = fields_in(paste(client, lima, "Laos, Peru, North Korea", rest="none"))
    there_and_back = fields_in(step(client, lima, "back", fields_in(step(client, lima, "review", first))))
    page = step(
        client, lima, "paste", there_and_back | {"list": "Spain, PRK", "list_role": "observer", "rest": "absent"}
    )
    assert page.context["told"] == [
        "2 names: 2 recognised, 0 to be told.",
        "2 states keep the role that an earlier list says. Nothing is saved yet.",
    ]
    saved(client, lima, fields_in(page))
    assert [(state, role) for state, role, *_said in record_of(lima)] == [
        ("Laos", "participant"),
        ("North Korea", "observer"),
        ("Peru", "participant"),
        ("South Korea", "absent"),
        ("Spain", "observer"),
    ]


def test_all_other_states_are_those_that_were_filled_in_and_not_named(client, lima, states):
    """As at an earlier conference, or as the others of an earlier list."""
    earlier = AttendanceFactory(state=states["spain"], role="invited").conference
    sent = fields_in(paste(client, lima, "Laos", rest="absent"))
    sent = fields_in(step(client, lima, "prefill", sent | {"from": earlier.pk}))
    page = step(client, lima, "paste", sent | {"list": "Peru", "list_role": "observer", "rest": "none"})
    assert page.context["told"][1] == "1 state keeps the role that an earlier list says. Nothing is saved yet."
    saved(client, lima, fields_in(page))
    assert [(state, role) for state, role, *_said in record_of(lima)] == [("Laos", "participant"), ("Peru", "observer")]


def test_all_other_states_are_those_too_that_were_filled_in_after_a_list_named_them(client, lima, states):
    earlier = AttendanceFactory(state=states["laos"], role="invited").conference
    sent = fields_in(paste(client, lima, "Laos"))
    sent = fields_in(step(client, lima, "prefill", sent | {"from": earlier.pk}))
    page = step(client, lima, "paste", sent | {"list": "Peru", "rest": "none"})
    saved(client, lima, fields_in(page))
    assert [state for state, *_said in record_of(lima)] == ["Peru"]


def test_unknown_and_ambiguous_names_are_asked_for_and_not_matched(client, lima, states):
    page = paste(client, lima, "Peru, Spein, Korea, Atlantis")
    assert to_be_told(page) == [("Spein", ["Spain"]), ("Korea", ["North Korea", "South Korea"]), ("Atlantis", [])]
    assert page.context["counts"][0] == ("participant", "Participant", 1)
    refused = step(client, lima, "review", fields_in(page))
    assert (refused.status_code, refused.context["faults"]) == (
        400,
        [f"Say which state “{name}” is, or leave it out." for name in ("Spein", "Korea", "Atlantis")],
    )
    assert to_be_told(refused) == to_be_told(page)


def test_names_are_told_on_the_same_page_and_remembered(client, recorder, lima, states):
    asked = fields_in(paste(client, lima, "Spein¹, Korea, Atlantis, Siam\n\n1) By video."))
    told = asked | {"name-0-is": states["spain"].pk, "name-1-is": states["south"].pk, "name-2-is": "out"}
    review = step(client, lima, "review", told | {"name-3-other": "pe"})
    assert shown(review) == {
        "new": [(str(states[name]), "No record", "Participant") for name in ("peru", "south", "spain")]
    }
    assert [(one.name, str(one.state)) for one in review.context["taught"]] == [("Spein", "Spain"), ("Siam", "Peru")]
    assert not StateName.objects.filter(name="Spein").exists()
    step(client, lima, "save", fields_in(review))
    assert record_of(lima) == [
        ("Peru", "participant", "Siam", ""),
        ("South Korea", "participant", "Korea", ""),
        ("Spain", "participant", "Spein", "By video."),
    ]
    learned = StateName.objects.filter(name__in=["Spein", "Siam", "Korea"]).order_by("name")
    assert list(learned.values_list("name", "normalised", "state__name")) == [
        ("Siam", "siam", "Peru"),
        ("Spein", "spein", "Spain"),
    ]
    entry = learned[0].history.get()
    told = (entry.history_type, entry.history_user, entry.history_change_reason)
    assert told == ("+", recorder, "Roll-call of Lima Conference")


def test_name_is_not_remembered_unless_it_is_asked_for(client, lima, states):
    asked = fields_in(paste(client, lima, "Spein"))
    del asked["name-0-teach"]
    saved(client, lima, asked | {"name-0-is": states["spain"].pk})
    assert (record_of(lima)[0][0], StateName.objects.filter(name="Spein").exists()) == ("Spain", False)


def test_who_may_not_teach_names_records_without(lima, states):
    rights = ["view_conference", "view_attendance", "add_attendance", "change_attendance"]
    client = logged_in(staff(permissions=[f"conferences.{one}" for one in rights]))
    asked = fields_in(paste(client, lima, "Spein"))
    saved(client, lima, asked | {"name-0-is": states["spain"].pk, "name-0-teach": "on"})
    assert (record_of(lima)[0][0], StateName.objects.filter(name="Spein").exists()) == ("Spain", False)


def test_name_of_one_state_is_never_taught_to_mean_another(client, lima, states):
    asked = fields_in(paste(client, lima, "Spein")) | {"name-0-text": "Peru", "name-0-is": states["spain"].pk}
    saved(client, lima, asked)
    assert StateName.objects.values_list("name", flat=True).get() == "Lao PDR"


def test_back_from_the_review_keeps_what_was_told(client, lima, states):
    asked = fields_in(paste(client, lima, "Spein")) | {"name-0-is": states["spain"].pk}
    back = step(client, lima, "back", fields_in(step(client, lima, "review", asked)))
    assert to_be_told(back) == []
    sent = fields_in(back)
    assert sent[f"role-{states['spain'].pk}"] == "participant"
    saved(client, lima, sent | {f"role-{states['spain'].pk}": "observer"})
    assert record_of(lima) == [("Spain", "observer", "Spein", "")]
    assert StateName.objects.filter(name="Spein").count() == 1


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ({"name-0-is": "999999"}, "Say which state “Spein” is, or leave it out."),
        ({"name-0-is": "²"}, "Say which state “Spein” is, or leave it out."),
        ({"name-0-is": "9" * 40}, "Say which state “Spein” is, or leave it out."),
        ({"name-0-other": "Atlantis"}, "“Atlantis” is not a known state."),
        ({"name-0-role": "guest"}, "A name of the pasted list was not sent whole: paste the list again."),
    ],
)
def test_forged_answers_get_a_sentence(client, lima, states, told, fault):
    answer = step(client, lima, "review", fields_in(paste(client, lima, "Spein")) | told)
    assert (answer.status_code, answer.context["faults"]) == (400, [fault])


def test_two_answers_for_one_name_get_a_sentence(client, lima, states):
    asked = fields_in(paste(client, lima, "Spein")) | {"name-0-is": states["spain"].pk, "name-0-other": "Peru"}
    answer = step(client, lima, "review", asked)
    assert answer.context["faults"] == ["Two answers for “Spein”: choose one, or type one."]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "There is no name in this list."),
        ("x" * 20_001, "Ensure this value has at most 20000 characters (it has 20001)."),
    ],
)
def test_list_that_is_none_gets_a_sentence(client, lima, states, text, fault):
    answer = paste(client, lima, text)
    assert (answer.status_code, answer.context["faults"]) == (400, [fault])


def test_state_that_stands_twice_in_the_list_is_told(client, lima, states):
    page = paste(client, lima, "Laos, Lao PDR")
    assert page.context["told"] == [
        "2 names: 1 recognised, 0 to be told.",
        "More than once in the list: Laos. Nothing is saved yet.",
    ]


def test_state_that_stands_twice_with_two_roles_is_told(client, lima, states):
    page = paste(client, lima, "Present: Laos\nAbsent: Lao PDR, Lao PDR")
    assert page.context["told"][2] == (
        "More than once in the list: Laos (its role is the last one), Laos. Nothing is saved yet."
    )


def test_second_list_asks_for_its_names_too(client, lima, states):
    first = fields_in(paste(client, lima, "Spein"))
    second = step(client, lima, "paste", first | {"list": "Spein, Atlantis", "list_role": "observer"})
    assert [(one.text, one.role) for one in second.context["names"]] == [
        ("Spein", "participant"),
        ("Atlantis", "observer"),
    ]
    assert Attendance.objects.count() == 0


def test_name_that_was_left_out_is_asked_for_again_when_it_is_pasted_again(client, lima, states):
    left_out = fields_in(step(client, lima, "leave_out", fields_in(paste(client, lima, "Spein, Atlantis"))))
    again = step(client, lima, "paste", left_out | {"list": "Spein"})
    assert again.context["told"] == ["1 name: 0 recognised, 1 to be told. Nothing is saved yet."]
    assert (to_be_told(again), again.context["open_names"]) == ([("Spein", ["Spain"])], 1)
    saved(client, lima, fields_in(again) | {"name-2-is": states["spain"].pk})
    assert record_of(lima) == [("Spain", "participant", "Spein", "")]


def test_name_that_was_told_is_asked_for_again_by_a_list_with_another_role(client, lima, states):
    told = fields_in(paste(client, lima, "Spein")) | {"name-0-is": states["spain"].pk}
    told = fields_in(step(client, lima, "back", fields_in(step(client, lima, "review", told))))
    again = step(client, lima, "paste", told | {"list": "Spein", "list_role": "observer"})
    saved(client, lima, fields_in(again) | {"name-1-is": states["spain"].pk})
    assert record_of(lima) == [("Spain", "observer", "Spein", "")]
    assert StateName.objects.filter(name="Spein").count() == 1


def test_more_names_than_can_be_told_at_once_are_refused_and_none_is_lost(client, lima, states):
    first, second = (", ".join(f"Nowhere{letter}{n}" for n in range(300)) for letter in "xy")
    sent = fields_in(step(client, lima, "paste", fields_in(paste(client, lima, first)) | {"list": second}))
    refused = step(client, lima, "review", sent)
    assert refused.status_code == 400
    assert (
        "More than 400 names are to be told: settle those first, and paste the others afterwards."
        in refused.context["faults"]
    )
    assert len(refused.context["names"]) == 600
    left = fields_in(step(client, lima, "leave_out", fields_in(refused)))
    assert step(client, lima, "review", left).status_code == 200


@pytest.mark.parametrize(
    ("text", "told", "record"),
    [
        ("Not present: Peru, Spain", ["Roles out of the list: 2 absent."], {"Peru": "absent", "Spain": "absent"}),
        (
            "States Parties:\nPeru\n\nObservers:\nLaos\nSpain\n\nAbsent: North Korea",
            ["Roles out of the list: 2 observers, 1 absent."],
            {"Laos": "observer", "North Korea": "absent", "Peru": "participant", "Spain": "observer"},
        ),
        (
            "Peru*\nSpain**\n* Observer\n** Signatory only",
            ["Roles out of the list: 1 observer.", "Not used for a role: “Signatory only”."],
            {"Peru": "observer", "Spain": ("participant", "Signatory only")},
        ),
        (
            "Lao PDR (observer)\nPeru – Chair\nSpain - invited, did not attend\nNorth Korea: absent",
            [
                "Roles out of the list: 1 observer, 1 absent.",
                "Not used for a role: “Chair”, “invited, did not attend”.",
            ],
            {
                "Laos": "observer",
                "North Korea": "absent",
                "Peru": ("participant", "Chair"),
                "Spain": ("participant", "invited, did not attend"),
            },
        ),
        (
            "Spain and Peru (observers)\nInvited:\nLaos (absent)*\nNorth Korea\n* By letter.",
            ["Roles out of the list: 1 invited, 1 absent.", "Not used for a role: “observers”."],
            {
                "Laos": ("absent", "By letter."),
                "North Korea": "invited",
                "Peru": ("participant", "observers"),
                "Spain": "participant",
            },
        ),
        (
            "Peru (observer)*\n* Did not attend.",
            ["Not used for a role: “observer”, “Did not attend.”."],
            {"Peru": ("participant", "observer. Did not attend.")},
        ),
        (
            "Observers:\nPeru\nSignatories:\nSpain",
            ["Roles out of the list: 1 observer.", "Not used for a role: “Signatories”."],
            {"Peru": "observer", "Spain": "participant"},
        ),
    ],
)
def test_list_says_roles_itself(client, lima, states, text, told, record):
    page = paste(client, lima, text)
    assert page.context["told"][1:] == [*told[:-1], f"{told[-1]} Nothing is saved yet."]
    saved(client, lima, fields_in(page))
    assert {
        state: (role, footnote) if footnote else role for state, role, _listed, footnote in record_of(lima)
    } == record


def test_name_is_kept_as_listed_without_its_remark(client, lima, states):
    saved(client, lima, fields_in(paste(client, lima, "Lao PDR (observer)\nPE - absent")))
    assert record_of(lima) == [("Laos", "observer", "Lao PDR", ""), ("Peru", "absent", "", "")]


def test_name_to_be_told_has_the_role_that_the_list_says(client, lima, states):
    page = paste(client, lima, "Korea (observer)\nAbsent:\nSpein\nSpein – arrived late")
    assert [(one.text, one.role, one.teach) for one in page.context["names"]] == [
        ("Korea", "observer", False),
        ("Spein", "absent", True),
        ("Spein – arrived late", "absent", False),
    ]
    assert to_be_told(page)[2][1] == ["Spain"]


def test_name_with_another_states_remark_is_only_suggested(client, lima, states):
    StateFactory(name="Guinea", iso2="GN", iso3="GIN")
    StateFactory(name="Guinea-Bissau", iso2="GW", iso3="GNB")
    page = paste(client, lima, "Guinea (Bissao), Guinea – Bissao, Guinea (host)")
    assert [text for text, _options in to_be_told(page)] == ["Guinea (Bissao)", "Guinea – Bissao"]
    assert page.context["told"][1:3] == ["Not used for a role: “host”. Nothing is saved yet."]


@pytest.mark.parametrize(
    "text", ["Spein (host)", "Spein – host", "Spein 2007 conference", "The old and great kingdom of all Spein"]
)
def test_text_with_more_than_a_name_is_not_remembered_unless_somebody_ticks_it(client, lima, states, text):
    assert [one.teach for one in paste(client, lima, text).context["names"]] == [False]


def test_all_other_names_are_left_out_with_one_button(client, lima, states):
    asked = fields_in(paste(client, lima, "Peru, Spein, Korea, Atlantis, Utopia"))
    asked |= {"name-0-is": states["spain"].pk, "name-1-other": "South Korea"}
    page = step(client, lima, "leave_out", asked)
    assert page.context["told"] == ["Left out: “Atlantis”, “Utopia”. Nothing is saved yet."]
    assert [text for text, _options in to_be_told(page)] == ["Spein", "Korea"]
    saved(client, lima, fields_in(page))
    assert [state for state, *_said in record_of(lima)] == ["Peru", "South Korea", "Spain"]
    assert sorted(StateName.objects.values_list("name", flat=True)) == ["Lao PDR", "Spein"]


def test_nothing_is_left_out_where_every_name_is_answered(client, lima, states):
    asked = fields_in(paste(client, lima, "Spein")) | {"name-0-is": states["spain"].pk}
    page = step(client, lima, "leave_out", asked)
    assert page.context["told"] == ["There is no name left that is not answered. Nothing is saved yet."]
