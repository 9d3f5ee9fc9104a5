"""Use cases: functions that take a session; no web framework here."""
