"""What is public: the published list, its change log and its live view."""
