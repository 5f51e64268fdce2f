"""The public pages that the tests go to: each kind of page, with what can make a difference to it."""

from statements.models import Statement
from states.models import Instrument

REPORT = "/conferences/lima-2007/reports/support-for-a-new-treaty-grows/"
MATRICES = ["/conferences/attendance/", "/positions/matrix/"]
ONE_FILTER = "/states/?instrument=oslo-process&on=2007-09-20"
MANY_FILTERS = "/states/?conference=lima-2007&region=Americas&region=Europe&role=participant&on=2008-06-01"
NOTHING_FITS = "/states/?q=nowhere"
MAPS = [
    "/",
    "/?on=2007-09-20",
    "/states/?topic=ban-treaty&view=map",
    "/states/?conference=lima-2007&view=map",
]
REFUSED = {"/states/?on=banana": 400, "/states/laos/?on=banana": 400, "/states/nowhere/": 404}
SOME = [
    *MAPS,
    "/states/",
    ONE_FILTER,
    MANY_FILTERS,
    NOTHING_FITS,
    "/states/laos/",
    "/states/laos/?on=2007-09-20",
    "/states/laos/compare/?with=peru&with=finland",
    "/conferences/",
    "/conferences/lima-2007/",
    "/conferences/dublin-2008/",
    "/conferences/santiago-2010/",  # its dates are not known
    REPORT,
    *MATRICES,
    "/statements/",
    "/statements/?q=victims&topic=victim-assistance",
    "/positions/",
    "/positions/?stance=opposes&show=all",
    "/instruments/convention-on-cluster-munitions/?view=states",
    "/instruments/oslo-declaration/?on=2007-09-20",
    "/search/",
    "/search/?q=laos",
    "/search/?q=xylophone",
    "/changes/",
    "/changes/?from=lima-2007&to=vienna-2007&kind=joined&by=day",
    "/reconciliation/",
    "/data/",
    "/data/states/",
    "/about/",
]


def places() -> list[str]:
    """All of them that are there (not `REFUSED`): also each instrument, and a statement of each sort of author."""
    statements = Statement.objects.published()
    authors = [
        statements.exclude(**{f"{author}__isnull": True}).first() for author in ("states", "organization", "group")
    ]
    records = [*Instrument.objects.all(), *(one for one in authors if one)]
    return [*SOME, *(record.get_absolute_url() for record in records)]
