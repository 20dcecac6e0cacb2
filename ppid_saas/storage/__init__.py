"""Room for bytes as offices deal with it: limits, requests for more, marks of fullness, and store and books compared."""
