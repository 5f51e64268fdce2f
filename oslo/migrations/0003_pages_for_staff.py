"""Recorders write pages and delete their drafts; Editors and Administrators publish them: as it is with reports."""

from django.apps import apps as current_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

WRITE = ["view_page", "add_page", "change_page", "delete_page"]
GRANTED = {
    "Recorders": WRITE,
    "Editors": [*WRITE, "publish_page"],
    "Administrators": [*WRITE, "publish_page"],
}


def permissions(apps, schema_editor):
    """The permissions for pages, by their codename."""
    database = schema_editor.connection.alias
    create_permissions(current_apps.get_app_config("pages"), apps=apps, using=database, verbosity=0)
    every = apps.get_model("auth", "Permission").objects.using(database)
    return {one.codename: one for one in every.filter(content_type__app_label="pages", content_type__model="page")}


def grant(apps, schema_editor):
    by_name = permissions(apps, schema_editor)
    groups = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    for group in groups.filter(name__in=GRANTED):
        group.permissions.add(*(by_name[one] for one in GRANTED[group.name]))


def revoke(apps, schema_editor):
    by_name = permissions(apps, schema_editor)
    groups = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    for group in groups.filter(name__in=GRANTED):
        group.permissions.remove(*(by_name[one] for one in GRANTED[group.name]))


class Migration(migrations.Migration):
    dependencies = [("oslo", "0002_editors_undo_imports"), ("pages", "0001_pages")]

    operations = [migrations.RunPython(grant, revoke)]
