"""SOP cases, calendars and obligations: whose turn it is and until which working day."""
