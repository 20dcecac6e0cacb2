"""Standard operating procedures as data, pure: the catalogue, its model, and the one engine that reads it.

An SOP says who may do what next and until when. Cases, people and clocks live above.
"""
