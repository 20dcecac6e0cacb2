"""What each SOP allows, written by hand from its rows and not read from its file: state -> step -> (state, who may).

The engine is walked beside this; where they differ, one of them misread the form.
"""

OFFICER, HEAD, SUPERIOR, BOARD, PEMBINA = (
    "central_officer",
    "central_head",
    "superior",
    "board_member",
    "pembina",
)
UNIT_OFFICER, UNIT_HEAD = "unit_officer", "unit_head"
Model = dict[str, dict[str, tuple[str, frozenset[str]]]]


def by(*roles: str) -> frozenset[str]:
    return frozenset(roles)


# 03/SOP-PPID, rows 1, 2, 4, 5, with the determination between rows 2 and 4. Row 3 is an item's, not the case's.
DOCUMENTING: Model = {
    "collecting": {"collect": ("collected", by(OFFICER))},
    "collected": {"sort": ("sorted", by(OFFICER))},
    "sorted": {"determine": ("determined", by(OFFICER, HEAD))},
    "determined": {"store": ("stored", by(OFFICER))},
    "stored": {"publish": ("published", by(HEAD))},
    "published": {},
}
# 01/SOP-PPID, rows 1 to 6: 10 + 10 + 7 + 30 + 3 + 10 working days, and the ways back.
TESTING: Model = {
    "unit_testing": {"test_at_unit": ("central_testing", by(UNIT_OFFICER, UNIT_HEAD))},
    "central_testing": {
        "test_at_central": ("board_advising", by(OFFICER)),
        "end_open": ("none_exempt", by(OFFICER)),
    },
    "board_advising": {
        "close_advice": ("letter_drafting", by(OFFICER)),
        "call_back": ("central_testing", by(OFFICER)),
    },
    "letter_drafting": {"draft_letter": ("letter_approving", by(OFFICER, HEAD))},
    "letter_approving": {
        "approve_letter": ("handing_out", by(SUPERIOR)),
        "return_letter": ("letter_drafting", by(SUPERIOR, OFFICER, HEAD)),
    },
    "handing_out": {"hand_out": ("handed_out", by(OFFICER, HEAD))},
    "handed_out": {},
    "none_exempt": {},
}
# 74/ORT.06/3604/2022, rows 1 to 4: approval asked of three, and no publishing before KPU RI has granted it.
KPU: Model = {
    "collecting": {"collect": ("collected", by(UNIT_OFFICER))},
    "collected": {
        "resume": ("collecting", by(UNIT_OFFICER, UNIT_HEAD)),
        "classify": ("awaiting_approval", by(UNIT_OFFICER, UNIT_HEAD)),
    },
    "awaiting_approval": {
        "approve": ("approved", by(PEMBINA, BOARD, SUPERIOR)),
        "return": ("collecting", by(PEMBINA, BOARD, SUPERIOR)),
    },
    "approved": {"store": ("stored", by(UNIT_OFFICER))},
    "stored": {"grant": ("granted", by(UNIT_OFFICER, UNIT_HEAD))},
    "granted": {"publish": ("published", by(UNIT_HEAD))},
    "published": {},
}
MODELS = {"03-sop-ppid": DOCUMENTING, "01-sop-ppid": TESTING, "74-ort-06-3604-2022": KPU}


def ends(model: Model) -> set[str]:
    """States in which a case is over."""
    return {state for state, ways in model.items() if not ways}


def stuck(model: Model) -> set[str]:
    """States from which no way leads to an end."""
    out = ends(model)
    for _ in model:
        out |= {state for state, ways in model.items() if any(to in out for to, _ in ways.values())}
    return set(model) - out
