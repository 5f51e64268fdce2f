import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from oslo.spreadsheets.importing import FilePlan, import_files, summary
from oslo.spreadsheets.planning import Fault


class Command(BaseCommand):
    help = (
        "Import spreadsheets (csv, xlsx, ods). The kind of each sheet is recognised by its columns, and the "
        "order of the files does not matter. A file goes in whole or not at all."
    )

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and write nothing")
        parser.add_argument("--json", action="store_true", help="print the outcome as JSON and nothing else")

    def handle(self, *, files: list[Path], dry_run: bool, **options):
        try:
            plans = self._import(files, dry_run)
        except DatabaseError as error:
            message = f"The database cannot be used ({error}). Has `migrate` been run?"
            plans = [FilePlan(str(path), faults=[Fault("", 0, "", "", message)]) for path in files]
        if options["json"]:
            self.stdout.write(json.dumps(summary(plans), ensure_ascii=False, indent=2))
        else:
            for plan in plans:
                self._tell(plan, dry_run)
        if not all(plan.ok for plan in plans):
            sys.exit(1)

    def _import(self, files: list[Path], dry_run: bool) -> list[FilePlan]:
        contents, unread = {}, {}
        for path in files:
            try:
                contents[str(path)] = path.read_bytes()
            except OSError as error:
                unread[str(path)] = FilePlan(str(path), faults=[Fault("", 0, "", "", f"{error.strerror}.")])
        plans = {plan.file: plan for plan in import_files(contents, dry_run=dry_run)} | unread
        return [plans[name] for name in dict.fromkeys(map(str, files))]

    def _tell(self, plan: FilePlan, dry_run: bool) -> None:
        outcome = plan.as_json()
        if plan.ok:
            would = "would be " if dry_run else ""
            self.stdout.write(
                f"{plan.file}: {outcome['kind'].replace('_', ' ')}, {outcome['rows']} rows: {would}"
                f"{outcome['new']} new, {outcome['changed']} changed, {outcome['unchanged']} unchanged"
            )
            return
        self.stderr.write(f"{plan.file}: not imported, {len(plan.all_faults)} to mend:")
        for fault in plan.all_faults:
            place = [fault.sheet, f"row {fault.row}" if fault.row else "", fault.column]
            self.stderr.write(f"  {', '.join(filter(None, place))}: {fault.message}".replace("  : ", "  "))
