"""A mail to those who run the platform when objects of a tenant are no longer whole. How many, never which."""

from ppid_saas.access.verbs import actor
from ppid_saas.accounts.letters import write_to_operators
from ppid_saas.events.handlers import handles
from ppid_saas.events.models import Event


@handles("store.damaged", "store.damaged_operator_mail", transactional=False)
def mail_damaged_operator(event: Event) -> None:
    """Tell the operators, who can bring objects back from the store's backup; they learn how many, never which."""
    who = actor()
    place = f"{_harmed(event)} tidak utuh lagi di {who.region}/{who.slug}."
    write_to_operators(event, f"Berkas rusak di {who.region}/{who.slug}", [place], f"penyewa/{who.tenant_id}")


def _harmed(event: Event) -> str:
    missing = int(event.data["missing"])
    return f"{event.data['objects']} berkas" + (f" ({missing} di antaranya hilang)" if missing else "")
