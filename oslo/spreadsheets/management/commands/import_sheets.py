import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from oslo.spreadsheets.answering import Said, Unanswerable
from oslo.spreadsheets.importing import FilePlan, Unit, import_files, summary
from oslo.spreadsheets.plans import Fault

PAIRS = {
    "columns": ("--column", "HEADING=COLUMN", "what a heading means; without a column, it is passed over"),
    "constants": ("--set", "COLUMN=TEXT", "what a column says for every row"),
    "meanings": ("--meaning", "CELL=TEXT", "what the cells of a matrix mean"),
    "names": ("--name", "NAME=CODE", "what an unknown name means; recorded with the import"),
}


class Command(BaseCommand):
    help = (
        "Import spreadsheets (csv, xlsx, ods). The kind of each sheet is recognised by its columns, and the "
        "order of the files does not matter. A file goes in whole or not at all."
    )

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and write nothing")
        parser.add_argument("--json", action="store_true", help="print the outcome as JSON and nothing else")
        parser.add_argument(
            "--good-rows", action="store_true", help="import the rows without fault, and hold the others to be mended"
        )
        parser.add_argument(
            "--kind",
            action="append",
            default=[],
            type=_kind,
            metavar="[SHEET=]KIND",
            help="what the sheets are, or the one of that name, such as attendance:conference",
        )
        for name, (option, metavar, said) in PAIRS.items():
            parser.add_argument(option, dest=name, action="append", default=[], type=_pair, metavar=metavar, help=said)

    def handle(self, *, files: list[Path], dry_run: bool, **options):
        unit = Unit.ROW if options["good_rows"] else Unit.FILE
        said = Said(dict(options["kind"]), **{name: dict(options[name]) for name in PAIRS})
        try:
            plans = self._import(files, dry_run, unit, said)
        except DatabaseError as error:
            message = f"The database cannot be used ({error}). Has `migrate` been run?"
            plans = [FilePlan(str(path), faults=[Fault("", 0, "", "", message)]) for path in files]
        except Unanswerable as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(summary(plans), ensure_ascii=False, indent=2))
        else:
            for plan in plans:
                self._tell(plan, dry_run, unit)
        if not all(plan.ok for plan in plans):
            sys.exit(1)

    def _import(self, files: list[Path], dry_run: bool, unit: Unit, said: Said) -> list[FilePlan]:
        contents, unread = {}, {}
        for path in files:
            try:
                contents[str(path)] = path.read_bytes()
            except OSError as error:
                unread[str(path)] = FilePlan(str(path), faults=[Fault("", 0, "", "", f"{error.strerror}.")])
        imported = import_files(contents, dry_run=dry_run, unit=unit, answers=said.answers(contents))
        plans = {plan.file: plan for plan in imported} | unread
        return [plans[name] for name in dict.fromkeys(map(str, files))]

    def _tell(self, plan: FilePlan, dry_run: bool, unit: Unit) -> None:
        outcome = plan.as_json()
        if not plan.stays_out(unit):
            would = "would be " if dry_run else ""
            held = f", {plan.count('refused')} held" if plan.count("refused") else ""
            self.stdout.write(
                f"{plan.file}: {outcome['kind'].replace('_', ' ')}, {outcome['rows']} rows: {would}"
                f"{outcome['new']} new, {outcome['changed']} changed, {outcome['unchanged']} unchanged{held}"
            )
        else:
            self.stderr.write(f"{plan.file}: not imported, {len(plan.all_faults)} to mend:")
        for fault in plan.all_faults:
            place = [fault.sheet, f"row {fault.row}" if fault.row else "", fault.column]
            self.stderr.write(f"  {', '.join(filter(None, place))}: {fault.message}".replace("  : ", "  "))


def _kind(text: str) -> tuple[str, str]:
    sheet, _sign, kind = text.rpartition("=")
    return sheet, kind


def _pair(text: str) -> tuple[str, str]:
    """`a=b`; the last sign parts them, since a heading may have one of its own."""
    before, sign, after = text.rpartition("=")
    if not sign:
        raise ValueError
    return before, after
