"""What search engines read: the list as a schema.org Dataset. A projection of public facts, nothing more."""

from collections.abc import Sequence
from typing import Any

from ppid_saas.publication.models import Edition, EditionFile
from ppid_saas.publication.queries import ListFacts

LICENCE = "https://creativecommons.org/publicdomain/zero/1.0/"


def dataset(
    origin: str, facts: ListFacts, edition: Edition | None, files: Sequence[EditionFile]
) -> dict[str, Any]:
    """Describe the list, and the files of one edition when there is one."""
    home = f"{origin}/{facts.slug}/"
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": f"{home}data",
        "name": f"Daftar Informasi yang Dikecualikan – {facts.region_name}",
        "description": f"Informasi yang dikecualikan oleh {facts.region_name} menurut UU 14/2008 Pasal 17.",
        "url": home,
        "inLanguage": "id",
        "isAccessibleForFree": True,
        "license": LICENCE,
        "creator": {"@type": "GovernmentOrganization", "name": facts.name},
    }
    if edition is not None:
        found |= {
            "version": str(edition.n),
            "datePublished": edition.published_on.isoformat(),
            "distribution": [_download(home, edition.n, file) for file in files],
        }
    return found


def _download(home: str, n: int, file: EditionFile) -> dict[str, Any]:
    return {
        "@type": "DataDownload",
        "contentUrl": f"{home}edisi/{n}/berkas/{file.format}",
        "encodingFormat": file.media_type,
        "contentSize": str(file.size),
        "sha256": file.sha256,
    }
