import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from oslo.spreadsheets.importing import FilePlan, import_files
from oslo.spreadsheets.known import Known
from oslo.spreadsheets.pasted import FILE_NAME, ROLE, PastedName, as_sheet, read_list, told_of_roles
from oslo.spreadsheets.resources import SHEETS, SheetResource

CHOSEN = {name for resource in SHEETS.resources for name in resource.pasted}


class Command(BaseCommand):
    help = (
        "Import a list of states out of a press release or an e-mail: who came to a conference in which role, or who "
        "did a formal act. With an unknown name in it, nothing is imported."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE", help="a text file in UTF-8; - is what is typed in")
        for name in sorted(CHOSEN):
            parser.add_argument(f"--{name}", default="", help=f"the {name} of all of them")
        parser.add_argument("--source-url", default="", help="the page on which the list stands")
        parser.add_argument("--source-note", default="", help="where on it, or what it does not say")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and write nothing")
        parser.add_argument("--json", action="store_true", help="print the names as JSON and nothing else")

    def handle(self, *, file: Path, dry_run: bool, **options):
        resource = _resource({name for name in CHOSEN if options[name]})
        names = read_list(_text(file), Known(SHEETS.all_names()))
        if not names:
            raise CommandError("There is no name in this text.")
        columns = (*resource.pasted, "source_url", "source_note")
        content = as_sheet(names, resource, {name: options[name] for name in columns})
        known = all(name.status == "recognised" for name in names)
        (plan,) = import_files({FILE_NAME: content}, dry_run=dry_run or not known)
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(names, plan), ensure_ascii=False, indent=2))
        else:
            if ROLE in resource.columns():
                self.stdout.writelines(f"{line}\n" for line in told_of_roles(names))
            self._tell(names, plan, dry_run)
        if not plan.ok:
            sys.exit(1)

    def _tell(self, names: list[PastedName], plan: FilePlan, dry_run: bool) -> None:
        if plan.ok:
            would = "would be " if dry_run else ""
            counts = ", ".join(f"{plan.count(one)} {one}" for one in ("new", "changed", "unchanged"))
            self.stdout.write(f"{len(names)} names: {would}{counts}")
            return
        self.stderr.write(f"Not imported, {len(plan.all_faults)} to mend:")
        for message in dict.fromkeys(fault.message for fault in plan.all_faults):
            self.stderr.write(f"  {message}")


def _resource(given: set[str]) -> type[SheetResource]:
    """The kind for which these are chosen."""
    kinds = [resource for resource in SHEETS.resources if resource.pasted and given and given <= set(resource.pasted)]
    if len(kinds) == 1:
        return kinds[0]
    ways = " or ".join(", ".join(f"--{name}" for name in one.pasted) for one in SHEETS.resources if one.pasted)
    raise CommandError(f"Say what these states did: {ways}.")


def _text(file: Path) -> str:
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{file} is not a text in UTF-8.") from error


def _as_json(names: list[PastedName], plan: FilePlan) -> dict:
    unknown = {name.text for name in names if name.status != "recognised"}
    # What else is wrong, such as a conference that nobody knows.
    errors = list(dict.fromkeys(fault.message for fault in plan.all_faults if fault.value not in unknown))
    outcome = {
        "ok": plan.ok,
        "names": [
            {
                "text": name.text,
                "status": name.status,
                "iso3": name.code or None,
                "candidates": name.candidates,
                "role": name.role,
                "note": name.note,
            }
            for name in names
        ],
    }
    return outcome | ({"errors": errors} if errors else {})
