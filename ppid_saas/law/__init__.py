"""The law, pure: grounds, citations, periods and what makes an item incomplete.

No clock, no SQL, no Flask: today is an argument. It decides nothing about cases and people.
"""
