"""People, sign-in, invitations and API keys. The only slice that touches plane identity."""
