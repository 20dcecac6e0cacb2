"""From the bytes of a foreign file to plain tables. Nothing is imported here: the child process begins with this package."""
