"""Brings the list an office really keeps into its register."""
