"""The register of exempted public information: slices in the order of the work."""
