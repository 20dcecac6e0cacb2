"""A tenant goes out whole, as one archive its own people take with them, and comes in whole at an empty tenant elsewhere."""
