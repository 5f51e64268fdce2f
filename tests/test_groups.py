"""Who may do what: the three groups that the migrations make."""

import pytest
from django.contrib.auth.models import Group, Permission

from tests.factories import FACTORIES, UserFactory

pytestmark = pytest.mark.django_db

RECORDS = [factory._meta.model._meta for factory in FACTORIES if factory is not UserFactory]


def granted(group: str) -> set[str]:
    permissions = Permission.objects.filter(group__name=group).select_related("content_type")
    return {f"{one.content_type.app_label}.{one.codename}" for one in permissions}


def every(*verbs: str) -> set[str]:
    return {f"{opts.app_label}.{verb}_{opts.model_name}" for opts in RECORDS for verb in verbs}


def test_there_are_three_groups():
    assert set(Group.objects.values_list("name", flat=True)) == {"Recorders", "Editors", "Administrators"}


def test_recorders_record_and_take_back_facts_and_drafts():
    assert granted("Recorders") == every("view", "add", "change") | {
        "states.delete_statename",
        "states.delete_membership",
        "states.delete_commitment",
        "states.delete_reportedcount",
        "conferences.delete_attendance",
        "conferences.delete_reportedattendance",
        "conferences.delete_organizationattendance",
        "conferences.delete_report",
        "conferences.delete_reportpoint",
        "conferences.delete_reportpicture",
        "statements.delete_statement",
        "statements.delete_position",
        "pages.delete_page",
    }


def test_editors_also_publish_and_delete():
    assert granted("Editors") == every("view", "add", "change", "delete") | {
        "conferences.publish_report",
        "statements.publish_statement",
        "pages.publish_page",
        "spreadsheets.undo_batch",
        "spreadsheets.view_headings",
        "spreadsheets.delete_headings",
    }


def test_administrators_also_look_after_accounts():
    assert granted("Administrators") - granted("Editors") == {
        f"auth.{verb}_{name}" for verb in ("view", "add", "change", "delete") for name in ("user", "group")
    }
    assert granted("Editors") < granted("Administrators")
