"""The decision: number, date, signatory and the items it covers."""
