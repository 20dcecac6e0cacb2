"""Facts and their effects: what happened, written once, and what must follow from it."""
