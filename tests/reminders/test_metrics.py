"""What Prometheus reads: a figure that is 0 is there, and says 0."""

from services.reminders.metrics import exposition
from tests.reminders.house import House, milestone


def test_parked_records_are_counted_even_when_there_are_none(house: House) -> None:
    house.begin("sms")
    page = exposition(house.parts.engine).decode()
    assert 'cairn_parked_records{reason=""} 0.0' in page
    house.page([item | {"type": "cairn.moon.risen.v1"} for item in house.items(milestone())])
    page = exposition(house.parts.engine).decode()
    assert 'cairn_parked_records{reason="UnknownEvent"} 1.0' in page
