"""Whoever imports may undo it; Editors and Administrators also undo the imports of others, and forget headings."""

from django.apps import apps as current_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

GROUPS = ["Editors", "Administrators"]


GRANTED = ["undo_batch", "view_headings", "delete_headings"]


def permissions(apps, schema_editor):
    database = schema_editor.connection.alias
    create_permissions(current_apps.get_app_config("spreadsheets"), apps=apps, using=database, verbosity=0)
    every = apps.get_model("auth", "Permission").objects.using(database)
    return every.filter(codename__in=GRANTED, content_type__app_label="spreadsheets")


def grant(apps, schema_editor):
    groups = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    for group in groups.filter(name__in=GROUPS):
        group.permissions.add(*permissions(apps, schema_editor))


def revoke(apps, schema_editor):
    groups = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    for group in groups.filter(name__in=GROUPS):
        group.permissions.remove(*permissions(apps, schema_editor))


class Migration(migrations.Migration):
    dependencies = [("oslo", "0001_staff_groups"), ("spreadsheets", "0001_batches")]

    operations = [migrations.RunPython(grant, revoke)]
