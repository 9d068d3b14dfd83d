"""The site: a Django project where people sign the statement, verify the roll and bring their works.

Rooms, from the ground up: `config` (settings, addresses), `mail` (the outbox), `statement` (its texts), `abuse` (limits,
lists, switches), `organisations`, `signing` (sign, confirm, withdraw), `roll` (the verifiable log), `moderation`,
`accounts` (organisers), `registry` (members' works), `public` (the pages that everybody reads), `upkeep` (worker, backup,
retention).
"""
