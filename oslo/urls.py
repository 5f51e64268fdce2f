from django.contrib import admin
from django.contrib.sitemaps.views import index, sitemap
from django.urls import include, path

from conferences.calendar import calendar, conference_calendar
from oslo.overview.attention import front_page
from oslo.overview.changes_page import Changes
from oslo.overview.datapage import WholeTable, data
from oslo.overview.feeds import ChangesFeed, InstrumentFeed, ReportsFeed, StateFeed, TopicFeed
from oslo.overview.home import healthz, home
from oslo.overview.reconciliation import Reconciliation
from oslo.overview.searching import search
from oslo.overview.sitemaps import SITEMAPS, robots
from statements.filters import StateListFilterSet
from states.views import StateList

urlpatterns = [
    path("", home, name="home"),
    path("search/", search, name="search"),
    # The list of states is filtered by what all apps record of them.
    path("states/", StateList.as_view(filterset_class=StateListFilterSet), name="states"),
    path("", include("states.urls")),
    path("", include("conferences.urls")),
    path("", include("statements.urls")),
    path("reports/feed/", ReportsFeed(), name="reports-feed"),
    path("changes/feed/", ChangesFeed(), name="changes-feed"),
    path("states/<slug:slug>/feed/", StateFeed(), name="state-feed"),
    path("topics/<slug:slug>/feed/", TopicFeed(), name="topic-feed"),
    path("instruments/<slug:slug>/feed/", InstrumentFeed(), name="instrument-feed"),
    path("conferences/calendar.ics", calendar, name="calendar"),
    path("conferences/<slug:slug>/calendar.ics", conference_calendar, name="conference-calendar"),
    path("sitemap.xml", index, {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap-section"}, name="sitemap"),
    path("sitemap-<slug:section>.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap-section"),
    path("robots.txt", robots, name="robots"),
    path("changes/", Changes.as_view(), name="changes"),
    path("reconciliation/", Reconciliation.as_view(), name="reconciliation"),
    path("data/", data, name="data"),
    path("data/<slug:kind>/", WholeTable.as_view(), name="data-table"),
    # The front page of the admin tells of all apps, which the admin site does not know.
    path("admin/", include(([path("", admin.site.admin_view(front_page))], "front-page"))),
    path("admin/", admin.site.urls),
    path("healthz", healthz, name="healthz"),
    # Last: it takes what nothing else takes.
    path("", include("pages.urls")),
]
