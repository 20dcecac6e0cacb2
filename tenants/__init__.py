"""Who is asking, what they can see, how much they may store. Knows nothing of PPID."""
