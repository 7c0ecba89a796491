"""Links that cost nothing to make: whom they are about, in clear."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

HERE = "https://r.example.org"


class Links:
    """Stands for the service's own."""

    public = True

    def unsubscribe(self, client_id: UUID, channel: str) -> str:
        """Ends what goes to her by this channel."""
        return f"{HERE}/unsubscribe/{client_id.hex[:6]}{channel}"

    def confirm(self, client_id: UUID, contact_id: UUID) -> str:
        """Confirms a contact of hers."""
        return f"{HERE}/confirm/{contact_id.hex[:8]}{client_id.hex[:8]}"

    def page(self, client_id: UUID, _: datetime) -> str:
        """Opens her page."""
        return f"{HERE}/me/{client_id.hex[:12]}"
