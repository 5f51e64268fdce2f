"""Make a database with the real data and so many conferences without a roll-call, and collect the static files.

python -m benchmarks.rollcall.prepare 20
"""

import json
import sys

import django

from benchmarks.databases import analysed

MEASURED = "to-be-measured-"
"""How the slugs of those conferences begin."""


def main(conferences: int) -> dict:
    """The version of the database, the number of states, and the session of somebody who may do all of it."""
    from django.contrib.auth.models import Group, User
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from conferences.models import Conference
    from oslo.demo import import_demo_data
    from states.models import State

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    import_demo_data()
    for n in range(conferences):
        Conference(name=f"Conference {n}", slug=f"{MEASURED}{n}", kind="other meeting").save()
    user = User.objects.create(username="recorder", is_staff=True)
    user.groups.set(Group.objects.filter(name="Recorders"))
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    cookies = {name: cookie.value for name, cookie in client.cookies.items()}
    return analysed(connection) | {"states": State.objects.count(), "cookies": cookies}


if __name__ == "__main__":
    django.setup()
    print(json.dumps(main(int(sys.argv[1]))))
