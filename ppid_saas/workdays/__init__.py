"""Working days, pure: a calendar as data and the counting over it.

No clock and no time zone: days are arguments, and whoever asks has turned an instant into a day already.
"""
