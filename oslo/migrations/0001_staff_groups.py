"""The three kinds of staff.

Recorders record: they add and change everything, publish nothing, and take back what they got wrong,
which is facts and drafts. Editors also publish, and delete what other records hang on (a state, a
conference, a topic). Administrators also look after accounts and groups.

To import is to add and change. The history of a record is seen by whoever sees the record.
"""

from django.apps import apps as current_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

RECORDS = {
    "states": ["state", "statename", "group", "membership", "instrument", "commitment", "reportedcount"],
    "conferences": [
        "topic",
        "conference",
        "attendance",
        "reportedattendance",
        "organization",
        "organizationattendance",
        "report",
        "reportpoint",
    ],
    "statements": ["statement", "position"],
}
OTHERS_HANG_ON = {"state", "group", "instrument", "topic", "conference", "organization"}
PUBLISHED = {"report", "statement"}
ACCOUNTS = {"auth": ["user", "group"]}


def permissions(verbs, models, only=None, but=()):
    """Names of permissions: (app, codename)."""
    return {
        (app, f"{verb}_{name}")
        for app, names in models.items()
        for name in names
        for verb in verbs
        if (only is None or name in only) and name not in but
    }


RECORDERS = permissions(["view", "add", "change"], RECORDS) | permissions(["delete"], RECORDS, but=OTHERS_HANG_ON)
EDITORS = RECORDERS | permissions(["delete"], RECORDS) | permissions(["publish"], RECORDS, only=PUBLISHED)
ADMINISTRATORS = EDITORS | permissions(["view", "add", "change", "delete"], ACCOUNTS)
GROUPS = {"Recorders": RECORDERS, "Editors": EDITORS, "Administrators": ADMINISTRATORS}


def make_groups(apps, schema_editor):
    database = schema_editor.connection.alias
    for app in (*RECORDS, *ACCOUNTS):  # otherwise made only when all migrations are done
        create_permissions(current_apps.get_app_config(app), apps=apps, using=database, verbosity=0)
    existing = apps.get_model("auth", "Permission").objects.using(database)
    by_name = {(one.content_type.app_label, one.codename): one for one in existing.select_related("content_type")}
    for name, granted in GROUPS.items():
        group, _made = apps.get_model("auth", "Group").objects.using(database).get_or_create(name=name)
        group.permissions.add(*(by_name[one] for one in sorted(granted)))


def delete_groups(apps, schema_editor):
    groups = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    groups.filter(name__in=GROUPS).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("states", "0002_where_it_was_done"),
        ("conferences", "0001_conferences_and_reports"),
        ("statements", "0001_statements_and_positions"),
    ]

    operations = [migrations.RunPython(make_groups, delete_groups)]
