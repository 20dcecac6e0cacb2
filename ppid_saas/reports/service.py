"""Evidence to take along: the story of an item or a determination as PDF, canonical JSON and letters, in one ZIP with a manifest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from ppid_saas.access import policy
from ppid_saas.access.verbs import actor, command
from ppid_saas.documents import service as documents
from ppid_saas.events.service import record
from ppid_saas.letters import as_pdf
from ppid_saas.letters.paper import Block, Fields, Frame, Heading, Paper, Text, Title
from ppid_saas.proofs import canonical
from ppid_saas.register import queries as register
from ppid_saas.reports import decided, queries, rules
from ppid_saas.web.formats import INDONESIAN, moment
from tenants import clock

NOTHING: Mapping[str, bytes] = MappingProxyType({})
READ_ME = """Berkas bukti satu {what}.

riwayat.pdf      riwayat untuk dibaca
riwayat.json     riwayat yang sama sebagai JSON kanonik (RFC 8785), dengan catatan kejadian dan segelnya
surat/           surat penetapan yang menyangkut {what} ini
{more}manifest.json    ukuran dan SHA-256 tiap berkas di sini

Periksa dengan: sha256sum riwayat.json, lalu bandingkan dengan manifest.json.
"""
FROZEN = (
    "butir.json       butir sebagaimana ditetapkan; hash tiap butir adalah SHA-256 JSON kanonik dari isinya\n"
)


@dataclass(frozen=True, slots=True)
class Kind:
    """What evidence is of: its word, the name of its number, and what else stands in the archive."""

    what: str
    ref: str
    more: str = ""


ITEM, DETERMINATION = Kind("butir", "Kode"), Kind("penetapan", "Nomor", FROZEN)


def central_evidence(item_id: UUID) -> bytes:
    """Return the evidence of an item as the central has it; that it was taken is recorded."""
    story = queries.central_story(item_id)
    whole = _packed(ITEM, story, queries.facts(item_id))
    _note_taken(item_id, len(whole))
    return whole


def determination_evidence(determination_id: UUID) -> bytes:
    """Return the evidence of a determination, with the items as it froze them; that it was taken is recorded."""
    more = {"butir.json": canonical(decided.items(determination_id))}
    story, facts = decided.story(determination_id), decided.facts(determination_id)
    whole = _packed(DETERMINATION, story, facts, more)
    _note_taken(determination_id, len(whole))
    return whole


def unit_evidence(ref: int) -> bytes:
    """Return the evidence of an item as its unit has it."""
    item_id = register.item(ref).id
    whole = _packed(ITEM, queries.unit_story(ref), queries.facts(item_id))
    _note_taken(item_id, len(whole))
    return whole


@command("history.take")
def _note_taken(item_id: UUID, size: int) -> None:
    record("history.taken", item_id, {"size": size})


def _packed(
    kind: Kind, story: rules.Story, facts: Sequence[Mapping[str, Any]], more: Mapping[str, bytes] = NOTHING
) -> bytes:
    chain = queries.chain()
    parts = {
        "BACA-SAYA.txt": READ_ME.format(what=kind.what, more=kind.more).encode(),
        "riwayat.json": rules.as_json(story, facts, chain),
        "riwayat.pdf": as_pdf(_paper(kind, story, chain)),
        **more,
    }
    left_out = []
    for n, paper in enumerate(story.papers, start=1):
        found = _bytes_of(paper)
        if found is None:
            left_out.append(paper.name)
        else:  # numbered: offices call every signed copy by the same name
            parts[f"surat/{n:02}-{rules.inside(paper.name)}"] = found
    about = {"made_at": clock.now().isoformat(), "of": actor().name, "chain": chain, "left_out": left_out}
    return rules.archive(parts, about)


def _bytes_of(paper: rules.Paper) -> bytes | None:
    """Return a document for whoever may read documents; others get its name and hash alone."""
    if paper.document_id is None or not policy.may(actor().roles, "document.read"):
        return None
    with documents.open_document(paper.document_id).stream as stream:
        return stream.read()


def _paper(kind: Kind, story: rules.Story, chain: dict[str, Any]) -> Paper:
    zone = actor().zone
    blocks: list[Block] = [
        Title([f"RIWAYAT {kind.what.upper()}", story.title]),
        Fields([(kind.ref, story.ref), ("Unit", story.unit or actor().name), ("Keadaan", str(story.state))]),
    ]
    for step in story.steps:
        blocks += [
            Heading(f"{moment(step.at, zone, INDONESIAN)} – {step.title}"),
            Text(_told(step)),
        ]
    blocks.append(Heading("Surat"))
    papers = [f"{one.name} ({one.what}), SHA-256 {one.sha256}" for one in story.papers]
    blocks.append(Text("\n".join(papers) or "Belum ada."))
    blocks += [Heading("Rantai catatan"), Text(chain_words(chain))]
    frame = Frame(
        f"Riwayat {kind.what} {story.ref}",
        actor().name,
        f"Riwayat {kind.what} {story.ref}",
        dated=clock.today(zone).isoformat(),
    )
    return Paper(frame, blocks)


def _told(step: rules.Step) -> str:
    lines = [f"Oleh {step.who}" if step.who else "", str(step.text)]
    for change in step.changes:
        before = "".join(text for sign, text in change["parts"] if sign != "+")
        after = "".join(text for sign, text in change["parts"] if sign != "-")
        lines.append(f"{change['label']}: “{before}” menjadi “{after}”")
    lines.append(f"Sidik jari {step.hash}" if step.hash else "")
    return "\n".join(line for line in lines if line) or "–"


def chain_words(chain: dict[str, Any]) -> str:
    """Return what was found when the chain of facts was walked anew."""
    if chain["holds"]:
        return f"{chain['length']} kejadian bersegel diperiksa; rantainya utuh. Kepala rantai {chain.get('head') or '–'}"
    return f"Rantai tidak utuh pada kejadian ke-{chain['broken_at']}."
