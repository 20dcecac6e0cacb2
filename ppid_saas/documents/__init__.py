"""Bytes of a tenant with name, hash and size. What they mean is the business of other slices."""
