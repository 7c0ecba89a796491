"""What Grafana shows: the dashboard of the person on call."""
