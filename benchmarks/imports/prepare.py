"""Make the database on which all measurements start: migrated, with the states and conferences of the sample."""

import json

import django
from django.core.management import call_command
from django.db import connection

from benchmarks.databases import analysed

from . import sample


def fill() -> None:
    from conferences.models import Conference
    from oslo.names import normalise
    from states.models import State, StateName

    names = {}
    for one in sample.states():
        state = State(iso3=one.iso3, iso2=one.iso2, name=one.name, official_name=one.official_name, region=one.region)
        state.save()
        for name in one.other_names:
            names.setdefault(normalise(name), StateName(state=state, name=name, normalised=normalise(name)))
    StateName.objects.bulk_create(names.values())
    Conference.objects.bulk_create(
        Conference(name=f"Meeting {n:03} of the process", slug=sample.slug(n), kind=Conference.Kind.OTHER)
        for n in range(sample.CONFERENCES)
    )


def main() -> dict:
    """What the database says of itself."""
    call_command("migrate", verbosity=0)
    fill()
    return analysed(connection)


if __name__ == "__main__":
    django.setup()
    print(json.dumps(main()))
