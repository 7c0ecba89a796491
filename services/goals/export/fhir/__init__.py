"""A client's record as FHIR R4: resources made from its events, with no I/O."""
