"""A KPU office's own way to a published list: its round, its three approvals, and the act of KPU RI without which none is published.

It happens inside the KPU tenant. What the regency's central makes of KPU's items is later slices' business.
"""
