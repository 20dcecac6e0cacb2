"""The platform operator's surface: tenants and jobs, never contents."""
