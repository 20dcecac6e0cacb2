"""What is read of submissions, apart for each side: `unit` hands in, `central` receives."""
