"""What first pages read, by side: `unit`, `central`, and `published` for those who only look. Few statements, no writing."""
