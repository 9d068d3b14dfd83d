"""The site: a Django project where people sign the statement, verify the roll and bring their works.

Rooms, from the ground up: `config` (settings, keys, links), `fields` (names, countries), `mail` (the outbox),
`statement` (its texts), `abuse` (limits, lists, switches), `accounts` (organisers), `roll` (the log), `organisations`,
`signing` (sign, confirm, withdraw), `moderation`, `registry` (members' works), `public` (the pages that everybody
reads), `upkeep` (worker, backup, retention). Each imports only from those before it; `urls` and `wsgi` stand on all
of them.
"""
