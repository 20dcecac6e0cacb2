"""Composition root of every surface: which slices it serves, which effects it knows. The only place that names them all."""

import importlib
import os

import psycopg
from flask import Flask

from ppid_saas.desk.frame import init_frame
from ppid_saas.settings import Settings
from ppid_saas.web.errors import init_errors
from ppid_saas.web.marks import check_marks
from ppid_saas.web.shell import ROLES, create_api, create_surface, csrf
from tenants import vault
from tenants.boot import refuse_unsafe

# Modules whose import registers effects; every process that records or runs events needs them all: all but the portal's.
EFFECTS: tuple[str, ...] = (
    "ppid_saas.events.jobs",
    "ppid_saas.accounts.jobs",
    "ppid_saas.notifications.jobs",
    "ppid_saas.cases.jobs",
    "ppid_saas.storage.jobs",
    "ppid_saas.documents.jobs",
    "ppid_saas.documents.upload_jobs",
    "ppid_saas.intake.jobs",
    "ppid_saas.submissions.jobs",
    "ppid_saas.kpu.jobs",
    "ppid_saas.consolidation.jobs",
    "ppid_saas.determinations.kpu_jobs",
    "ppid_saas.determinations.jobs",
    "ppid_saas.consequence_tests.jobs",
    "ppid_saas.editions.jobs",
    "ppid_saas.reopening.jobs",
    "ppid_saas.cases.recounting",
    "ppid_saas.exports.jobs",
)
# Blueprints of pages and of the API, by surface.
PAGES: dict[str, tuple[str, ...]] = {
    "office": (
        "ppid_saas.accounts.pages",
        "ppid_saas.accounts.unit_pages",
        "ppid_saas.notifications.pages",
        "ppid_saas.desk.pages",
        "ppid_saas.storage.pages",
        "ppid_saas.cases.sop_pages",
        "ppid_saas.cases.calendar_pages",
        "ppid_saas.cases.feed_pages",
        "ppid_saas.documents.room_pages",
        "ppid_saas.documents.upload_pages",
        "ppid_saas.documents.pages",
        "ppid_saas.documents.filing_pages",
        "ppid_saas.documents.disposing_pages",
        "ppid_saas.documents.redacting_pages",
        "ppid_saas.exports.pages",
        "ppid_saas.events.pages",
        "ppid_saas.register.pages",
        "ppid_saas.places.pages",
        "ppid_saas.intake.pages",
        "ppid_saas.intake.pages.offering",
        "ppid_saas.submissions.pages",
        "ppid_saas.submissions.reminder_pages",
        "ppid_saas.submissions.handover_pages",
        "ppid_saas.kpu.pages",
        "ppid_saas.consolidation.pages",
        "ppid_saas.consequence_tests.pages",
        "ppid_saas.consequence_tests.unit_pages",
        "ppid_saas.consolidation.matching_pages",
        "ppid_saas.determinations.pages",
        "ppid_saas.determinations.kpu_pages",
        "ppid_saas.determinations.draft_pages",
        "ppid_saas.determinations.decision_pages",
        "ppid_saas.determinations.style_pages",
        "ppid_saas.determinations.unit_pages",
        "ppid_saas.editions.pages",
        "ppid_saas.reports.pages",
        "ppid_saas.reports.elsewhere_pages",
        "ppid_saas.reports.monitoring_pages",
        "ppid_saas.reopening.pages",
        "ppid_saas.reopening.opened_pages",
        "ppid_saas.reopening.copy_pages",
        "ppid_saas.reopening.dispute_pages",
        "ppid_saas.demo.pages",
    ),
    "files": ("ppid_saas.documents.pages", "ppid_saas.exports.pages"),
    "portal": ("ppid_saas.portal.pages",),
    "console": ("ppid_saas.accounts.pages", "ppid_saas.console.pages", "ppid_saas.console.decree_pages"),
}
APIS: dict[str, tuple[str, ...]] = {
    "office": (
        "ppid_saas.documents.api",
        "ppid_saas.documents.filing_api",
        "ppid_saas.register.api",
        "ppid_saas.places.api",
        "ppid_saas.intake.api",
        "ppid_saas.submissions.api",
        "ppid_saas.consolidation.api",
        "ppid_saas.consequence_tests.api",
        "ppid_saas.determinations.api",
        "ppid_saas.determinations.draft_api",
        "ppid_saas.editions.api",
        "ppid_saas.reopening.api",
    ),
    "files": ("ppid_saas.documents.upload_api", "ppid_saas.documents.tus"),
    "portal": ("ppid_saas.portal.api",),
    "console": (),
}


def create(surface: str, settings: Settings | None = None) -> Flask:
    """Return the app of one surface, or refuse to when the database would not keep tenants apart."""
    settings = settings or Settings.from_env(os.environ)
    _refuse_unsafe(settings, surface)
    app = create_surface(settings, surface)
    with app.app_context():
        _open_vault(settings, surface)
    init_frame(app)
    for module in _effects(surface):
        importlib.import_module(module)
    for module in PAGES.get(surface, ()):
        app.register_blueprint(importlib.import_module(module).bp)
    if APIS.get(surface):
        api = create_api(app)
        for module in APIS[surface]:
            blueprint = importlib.import_module(module).bp
            csrf.exempt(blueprint)
            api.register_blueprint(blueprint)
    init_errors(app)
    check_marks(app)
    return app


def preload(surface: str) -> None:
    """Import what a surface is made of, but make nothing: done before a process forks, its children share the pages."""
    for module in (*_effects(surface), *PAGES.get(surface, ()), *APIS.get(surface, ())):
        importlib.import_module(module)


def _effects(surface: str) -> tuple[str, ...]:
    return () if surface == "portal" else EFFECTS


def _open_vault(settings: Settings, surface: str) -> None:
    """Lead this process to its buckets: the portal to what is public, without the key to anything else."""
    buckets = {
        "quarantine": settings.bucket_quarantine,
        "exempt": settings.bucket_exempt,
        "editions": settings.bucket_editions,
    }
    if surface == "portal":
        vault.connect(settings.portal_s3, {"editions": settings.bucket_editions}, None)
    elif surface != "console":
        vault.connect(settings.s3, buckets, vault.RootKey.load(settings.root_key_file))


def _refuse_unsafe(settings: Settings, surface: str) -> None:
    url = settings.database_url(ROLES[surface]).replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(url, **settings.driver_options) as connection:
        refuse_unsafe(connection, ROLES[surface])


def create_office() -> Flask:
    """Return the office: units, central, board and superiors."""
    return create("office")


def create_files() -> Flask:
    """Return the files surface: bytes only."""
    return create("files")


def create_portal() -> Flask:
    """Return the public site and the public API."""
    return create("portal")


def create_console() -> Flask:
    """Return the operator's surface."""
    return create("console")


def create_worker_app() -> Flask:
    """Return the app of background work: the office's role, no routes."""
    return create("worker")
