from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from oslo.demo import demo_login, import_demo_data, write_about_page
from states.models import State


class Command(BaseCommand):
    help = "Migrate, import the demo data if there is none yet, print how to log in, and serve on this machine."

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-serve", action="store_true", help="prepare everything, but do not serve")

    def handle(self, *, port: int, no_serve: bool, **options):
        if not settings.LOCAL:
            raise CommandError("The demo is for this machine only, and ALLOWED_HOSTS names a public site.")
        call_command("migrate", verbosity=0)
        if not State.objects.exists():
            self._import()
        write_about_page()
        user, password = demo_login()
        self.stdout.write(f"\n  Site      http://127.0.0.1:{port}/\n  Staff     http://127.0.0.1:{port}/admin/")
        self.stdout.write(f"  User      {user}\n  Password  {password}\n")
        self.stdout.flush()
        if not no_serve:
            call_command("runserver", f"127.0.0.1:{port}", use_reloader=False)

    def _import(self) -> None:
        plans = import_demo_data()
        faults = [fault for plan in plans for fault in plan.all_faults]
        if faults:
            raise CommandError(f"The demo data was not imported: {faults[0]}")
        rows = sum(plan.count("new") for plan in plans)
        self.stdout.write(f"Imported {rows} rows from {len(plans)} sheets.")
