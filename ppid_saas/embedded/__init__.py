"""The servers one machine needs, from wheels: PostgreSQL, Valkey and S3, and the supervisor over all processes.

Not used where an installation is given servers by URL, and knows nothing of what is stored in them.
"""
