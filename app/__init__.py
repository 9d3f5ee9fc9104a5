"""CDMO Match: finds the organisations that can develop, make and test a medicine."""
