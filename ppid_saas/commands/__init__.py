"""The commands of the entry script, a module for each group of them; `ppid_saas.cli` gathers them."""
