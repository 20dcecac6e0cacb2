"""Where the paper lies: places, papers, loans and inventories of one unit. Nothing of it ever leaves the unit."""
