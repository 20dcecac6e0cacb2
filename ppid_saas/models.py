"""Every table of the product in one import, for migrations and their drift test. Not a place for tables."""
# ruff: noqa: F401

import ppid_saas.accounts.models
import ppid_saas.cases.dispute_models
import ppid_saas.cases.models
import ppid_saas.consequence_tests.models
import ppid_saas.consolidation.models
import ppid_saas.determinations.handed_models
import ppid_saas.determinations.models
import ppid_saas.documents.models
import ppid_saas.documents.upload_models
import ppid_saas.editions.models
import ppid_saas.events.models
import ppid_saas.exports.models
import ppid_saas.intake.models
import ppid_saas.kpu.models
import ppid_saas.notifications.models
import ppid_saas.places.models
import ppid_saas.publication.models
import ppid_saas.register.models
import ppid_saas.reopening.models
import ppid_saas.reports.models
import ppid_saas.storage.models
import ppid_saas.submissions.handover_models
import ppid_saas.submissions.models
import ppid_saas.submissions.prepared
import tenants.models
