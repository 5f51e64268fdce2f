"""Run the benchmarks that are named, or all.

python -m benchmarks [import] [site] [rollcall] [--full]
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from tests import with_postgres

from .imports.run import benchmark as benchmark_import
from .rollcall.run import benchmark as benchmark_rollcall
from .site.run import benchmark as benchmark_site

BENCHMARKS = {"import": benchmark_import, "site": benchmark_site, "rollcall": benchmark_rollcall}
RESULTS = Path(__file__).parent / "results"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="What the product costs.")
    parser.add_argument("names", nargs="*", metavar="name", help=f"one of: {', '.join(BENCHMARKS)}; all unless given")
    parser.add_argument("--full", action="store_true", help="leave out nothing that takes long (an hour and more)")
    options = parser.parse_args(arguments)
    if unknown := set(options.names) - set(BENCHMARKS):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        return with_postgres.main([sys.executable, "-m", "benchmarks", *arguments])
    RESULTS.mkdir(exist_ok=True)
    for name in options.names or BENCHMARKS:
        with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
            report = BENCHMARKS[name](Path(folder), os.environ["DATABASE_URL"], options.full)
        (RESULTS / f"{name}.md").write_text(report, encoding="utf-8")
        print(report)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
