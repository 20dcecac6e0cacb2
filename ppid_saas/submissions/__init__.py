"""The register handed in, frozen, and the central's answer item by item."""
