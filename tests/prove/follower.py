"""A portal that follows a list with nothing but the public API and the standard library.

It keeps one file: the cursor and every item. The file is replaced in one step after each page, so a follower killed at
any moment goes on where it was. `python follower.py ADDRESS LIST FILE [LIMIT]` follows until it has caught up.
"""

import hashlib
import json
import os
import sys
import urllib.request
from pathlib import Path
from typing import Any


def canonical(value: Any) -> bytes:
    """RFC 8785 for what this feed carries: text, whole numbers, null."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def load(file: Path) -> dict[str, Any]:
    return json.loads(file.read_bytes()) if file.exists() else {"cursor": 0, "items": {}}


def store(file: Path, state: dict[str, Any]) -> None:
    beside = file.with_suffix(".new")
    with beside.open("wb") as out:
        out.write(canonical(state))
        out.flush()
        os.fsync(out.fileno())
    beside.replace(file)


def apply(state: dict[str, Any], page: dict[str, Any]) -> None:
    for change in page["changes"]:
        if change["seq"] != state["cursor"] + 1:
            raise SystemExit(f"gap: {state['cursor']} then {change['seq']}")
        if change["op"] == "upsert":
            if hashlib.sha256(canonical(change["item"])).hexdigest() != change["digest"]:
                raise SystemExit(f"digest of {change['seq']} differs")
            state["items"][change["code"]] = change["item"]
        else:
            state["items"].pop(change["code"], None)
        state["cursor"] = change["seq"]
    if state["cursor"] != page["cursor"]:
        raise SystemExit("cursor and changes differ")


def fetch(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310  # an address given by whoever starts it
        return answer.read()


def follow(base: str, name: str, file: Path, limit: int) -> None:
    state, more = load(file), True
    while more:
        page = json.loads(fetch(f"{base}/api/v1/lists/{name}/changes?cursor={state['cursor']}&limit={limit}"))
        apply(state, page)
        store(file, state)
        more = page["more"]


def as_snapshot(file: Path, name: str) -> bytes:
    """What the follower holds, in the form of the API's snapshot."""
    state = load(file)
    items = [state["items"][code] for code in sorted(state["items"])]
    return canonical({"list": name, "seq": state["cursor"], "items": items})


if __name__ == "__main__":
    follow(sys.argv[1], sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]) if len(sys.argv) > 4 else 50)
