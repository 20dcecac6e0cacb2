"""Consequence tests at the central: rounds of tested items, sittings with minutes, and the advisory board's opinion."""
