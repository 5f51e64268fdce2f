"""All staff put pictures into reports, and take them out; whether they may on a published one is told by the report."""

from django.apps import apps as current_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

GROUPS = ["Recorders", "Editors", "Administrators"]
GRANTED = ["view_reportpicture", "add_reportpicture", "change_reportpicture", "delete_reportpicture"]


def permissions(apps, schema_editor):
    database = schema_editor.connection.alias
    create_permissions(current_apps.get_app_config("conferences"), apps=apps, using=database, verbosity=0)
    every = apps.get_model("auth", "Permission").objects.using(database)
    return every.filter(codename__in=GRANTED, content_type__app_label="conferences")


def grant(apps, schema_editor):
    groups = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    for group in groups.filter(name__in=GROUPS):
        group.permissions.add(*permissions(apps, schema_editor))


def revoke(apps, schema_editor):
    groups = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    for group in groups.filter(name__in=GROUPS):
        group.permissions.remove(*permissions(apps, schema_editor))


class Migration(migrations.Migration):
    dependencies = [("oslo", "0003_pages_for_staff"), ("conferences", "0003_pictures_of_reports")]

    operations = [migrations.RunPython(grant, revoke)]
