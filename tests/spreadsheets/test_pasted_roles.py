"""Which words around a name say its role, and which are left alone."""

import pytest

from oslo.spreadsheets.pasted_roles import role_in


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Observers", "observer"),
        ("OBSERVERS (4):", "observer"),
        ("II. Observers", "observer"),
        ("observer", "observer"),
        ("States participating as observers", "observer"),
        ("took part as an observer", "observer"),
        ("present as observer", "observer"),
        ("Absent", "absent"),
        ("Not present", "absent"),
        ("Apologies", "absent"),
        ("Sent their regrets", "absent"),
        ("absent with apologies", "absent"),
        ("did not attend", "absent"),
        ("Didn’t attend.", "absent"),
        ("Non-participants", "absent"),
        ("The following states did not take part", "absent"),
        ("States that were not represented at the Lima Conference", "absent"),
        ("States that did not attend the Lima Conference on Cluster Munitions 2007", ""),
        ("States that did not attend the Lima Conference 2007", "absent"),
        ("Invited", "invited"),
        ("Invited states", "invited"),
        ("Participants as of 20 September 2007", "participant"),
        ("List of participants", "participant"),
        ("Participating in the Lima conference", "participant"),
        ("Present", "participant"),
        ("in attendance", "participant"),
    ],
)
def test_clear_words_name_a_role(text, role):
    assert role_in(text) == role


@pytest.mark.parametrize(
    "text",
    [
        "",
        "invited, did not attend",
        "Participants and observers",
        "not invited",
        "Observer, as before",
        "Observer to the United Nations",
        "Signatory only",
        "Chair",
        "arrived late",
        "present and voting",
        "States Parties",
        "States (80) participating in the Oslo Process as of 20 September 2007",
        "Represented at ministerial level",
    ],
)
def test_nothing_is_guessed_from_other_words(text):
    assert role_in(text) == ""
