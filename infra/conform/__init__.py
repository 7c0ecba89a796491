"""Whether the stand-in for Twilio, and our requests, are as the provider's published description says."""
