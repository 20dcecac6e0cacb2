"""How an exemption ends: noticed in time, opened by decision or by law, tested again, and the list of what became public."""
