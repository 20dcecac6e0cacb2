"""Evidence to take along: the story of an item as PDF, canonical JSON and its letters, in one ZIP with a manifest."""

from typing import Any
from uuid import UUID

from ppid_saas.access import policy
from ppid_saas.access.verbs import actor, command
from ppid_saas.documents import service as documents
from ppid_saas.events.service import record
from ppid_saas.letters import as_pdf
from ppid_saas.letters.paper import Block, Fields, Frame, Heading, Paper, Text, Title
from ppid_saas.register import queries as register
from ppid_saas.reports import queries, rules
from ppid_saas.web.formats import INDONESIAN, moment
from tenants import clock

READ_ME = """Berkas bukti satu butir.

riwayat.pdf      riwayat untuk dibaca
riwayat.json     riwayat yang sama sebagai JSON kanonik (RFC 8785), dengan catatan kejadian dan segelnya
surat/           surat penetapan yang menyangkut butir ini
manifest.json    ukuran dan SHA-256 tiap berkas di sini

Periksa dengan: sha256sum riwayat.json, lalu bandingkan dengan manifest.json.
"""


def central_evidence(item_id: UUID) -> bytes:
    """Return the evidence of an item as the central has it; that it was taken is recorded."""
    story = queries.central_story(item_id)
    whole = _packed(story, item_id)
    _note_taken(item_id, len(whole))
    return whole


def unit_evidence(ref: int) -> bytes:
    """Return the evidence of an item as its unit has it."""
    item_id = register.item(ref).id
    whole = _packed(queries.unit_story(ref), item_id)
    _note_taken(item_id, len(whole))
    return whole


@command("history.take")
def _note_taken(item_id: UUID, size: int) -> None:
    record("history.taken", item_id, {"size": size})


def _packed(story: rules.Story, item_id: UUID) -> bytes:
    chain, facts = queries.chain(), queries.facts(item_id)
    parts = {
        "BACA-SAYA.txt": READ_ME.encode(),
        "riwayat.json": rules.as_json(story, facts, chain),
        "riwayat.pdf": as_pdf(_paper(story, chain)),
    }
    left_out = []
    for paper in story.papers:
        found = _bytes_of(paper)
        if found is None:
            left_out.append(paper.name)
        else:
            parts[f"surat/{rules.inside(paper.name)}"] = found
    about = {"made_at": clock.now().isoformat(), "of": actor().name, "chain": chain, "left_out": left_out}
    return rules.archive(parts, about)


def _bytes_of(paper: rules.Paper) -> bytes | None:
    """Return a document for whoever may read documents; others get its name and hash alone."""
    if paper.document_id is None or not policy.may(actor().roles, "document.read"):
        return None
    with documents.open_document(paper.document_id).stream as stream:
        return stream.read()


def _paper(story: rules.Story, chain: dict[str, Any]) -> Paper:
    zone = actor().zone
    blocks: list[Block] = [
        Title(["RIWAYAT BUTIR", story.title]),
        Fields([("Kode", story.ref), ("Unit", story.unit or actor().name), ("Keadaan", str(story.state))]),
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
        f"Riwayat butir {story.ref}",
        actor().name,
        f"Riwayat butir {story.ref}",
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
