"""The migrations agree with the models, and every one can be taken back."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

# In a database of its own, made and deleted by Django's own test runner: what is taken back here is
# needed by the tests that run beside it.
BACK_AND_FORTH = """
import json
import sys
import django
from django.conf import settings
django.setup()
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

def tables():
    return sorted(connection.introspection.table_names())

settings.DATABASES["default"]["TEST"]["NAME"] = sys.argv[1]
before = connection.settings_dict["NAME"]
connection.creation.create_test_db(verbosity=0, autoclobber=True)
made = tables()
for app in sorted({app for app, name in MigrationRecorder(connection).applied_migrations()}):
    call_command("migrate", app, "zero", verbosity=0)
left = tables()
call_command("migrate", verbosity=0)
made_again = tables()
connection.creation.destroy_test_db(before, verbosity=0)
print(json.dumps({"made": made, "left": left, "made again": made_again}))
"""


@pytest.mark.django_db
def test_models_have_no_changes_without_a_migration(capsys):
    call_command("makemigrations", check=True, dry_run=True)
    assert capsys.readouterr().out == "No changes detected\n"


@pytest.mark.django_db
def test_all_migrations_can_be_taken_back_and_made_again(tmp_path):
    name = tmp_path / "back.sqlite3" if connection.vendor == "sqlite" else "test_oslo_back_and_forth"
    done = subprocess.run(  # noqa: S603 -- our own command
        [sys.executable, "-W", "error", "-c", BACK_AND_FORTH, str(name)],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "oslo.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    tables = json.loads(done.stdout)
    assert tables["made"] == sorted(connection.introspection.table_names())
    assert tables["left"] == ["django_migrations"]
    assert tables["made again"] == tables["made"]
