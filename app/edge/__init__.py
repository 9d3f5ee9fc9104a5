"""The edge of the service: what holds for every request, whichever route it takes.

From the outside to the inside: `Envelope` (request id, header fields, log line), `Origins` (CORS),
`Gate` (rates, and how many requests of a caller run at once), `Workload` (how much of each kind of
work runs and waits, for which a body has to be there and sound), `Revalidation` (304 where the
caller has the answer already).
"""
