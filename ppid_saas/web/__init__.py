"""The HTTP shell: sessions, errors, forms, assets. Knows no slice."""
