"""The consolidated list as published: prepared by one person, published by another, immutable."""
