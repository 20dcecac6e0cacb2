"""A unit's own working list of items."""
