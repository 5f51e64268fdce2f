"""Whoever imports may undo it; Editors and Administrators may undo the imports of others too."""

from django.apps import apps as current_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

GROUPS = ["Editors", "Administrators"]


def permission(apps, schema_editor):
    database = schema_editor.connection.alias
    create_permissions(current_apps.get_app_config("spreadsheets"), apps=apps, using=database, verbosity=0)
    permissions = apps.get_model("auth", "Permission").objects.using(database)
    return permissions.get(codename="undo_batch", content_type__app_label="spreadsheets")


def grant(apps, schema_editor):
    groups = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    for group in groups.filter(name__in=GROUPS):
        group.permissions.add(permission(apps, schema_editor))


def revoke(apps, schema_editor):
    groups = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    for group in groups.filter(name__in=GROUPS):
        group.permissions.remove(permission(apps, schema_editor))


class Migration(migrations.Migration):
    dependencies = [("oslo", "0001_staff_groups"), ("spreadsheets", "0001_batches")]

    operations = [migrations.RunPython(grant, revoke)]
