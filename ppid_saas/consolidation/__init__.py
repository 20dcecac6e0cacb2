"""All units' accepted items at the central."""
