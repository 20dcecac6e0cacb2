"""The roles an SOP can name, with their words on screen. What a role may do besides stands in access."""

ROLES = {
    "tenant_admin": "Administrator",
    "unit_officer": "Petugas unit",
    "unit_head": "Pimpinan unit",
    "central_officer": "Petugas PPID Utama",
    "central_head": "PPID Utama",
    "board_member": "Anggota Tim Pertimbangan",
    "superior": "Atasan PPID",
    "pembina": "Pembina",
    "auditor": "Auditor",
}
