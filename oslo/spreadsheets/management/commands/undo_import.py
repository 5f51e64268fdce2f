import json

from django.core.management.base import BaseCommand, CommandError

from oslo.spreadsheets.models import Batch
from oslo.spreadsheets.undoing import Undoing, plan_undo, undo


class Command(BaseCommand):
    help = "Undo an import: what it made is deleted, what it changed is as before. `imports` lists their numbers."

    def add_arguments(self, parser):
        parser.add_argument("number", type=int)
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and write nothing")
        parser.add_argument("--json", action="store_true", help="print the outcome as JSON and nothing else")
        parser.add_argument(
            "--also", nargs="*", default=[], metavar="RECORD", help="undo these too, though they were edited since"
        )

    def handle(self, *, number: int, dry_run: bool, also: list[str], **options):
        batch = Batch.objects.filter(pk=number).first()
        if batch is None:
            raise CommandError(f"There is no import {number}.")
        undoing = (plan_undo if dry_run else undo)(batch, chosen=also)
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(undoing), ensure_ascii=False, indent=2))
            return
        done = "would be" if dry_run else "was"
        records = f"{undoing.deleted} record{'' if undoing.deleted == 1 else 's'} deleted"
        self.stdout.write(f"{batch} {done} undone: {records}, {undoing.restored} as before.")
        for conflict, name in undoing.named(undoing.conflicts):
            self.stdout.write(f"  left: {name} ({conflict.key}): {conflict.reason}")


def _as_json(undoing: Undoing) -> dict:
    conflicts = [
        {"record": one.key, "name": name, "reason": one.reason, "may_choose": one.may_choose}
        for one, name in undoing.named(undoing.conflicts)
    ]
    return {
        "ok": not conflicts,
        "deleted": undoing.deleted,
        "restored": undoing.restored,
        "conflicts": conflicts,
    }
