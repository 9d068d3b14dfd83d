"""Header fields as snippets for nginx, Apache and Caddy, and as a static `_headers` file.

A snippet decides by the address as it was asked for, path and query; the most specific pattern counts, as it does in
robots.txt.
`_headers` (Netlify, Cloudflare Pages and others) applies every rule that matches, and joins the values of a field with
commas: `tdm-reservation: 1, 0` says nothing. So a field goes in there only where its rules cannot meet.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from countermark.reservations.policy.patterns import overlap
from countermark.reservations.writing.inexpressible import VOCABULARIES, Inexpressible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from countermark.reservations.policy.model import Policy
    from countermark.reservations.writing.header_fields import Fields

_ABOUT: Final = (
    "# Reservations of rights, written by countermark from a policy. Change the policy, not this file."
)
FIELD_PROTOCOLS: Final = {
    "Content-Usage": "aipref",
    "tdm-reservation": "tdmrep",
    "tdm-policy": "tdmrep",
    "X-Robots-Tag": "noai",
    "Link": "rsl",
}
_SHARED: Final = frozenset({"X-Robots-Tag", "Link"})
"""Fields that a site may have of its own: ours are added, never put in their place."""


def nginx(fields: Fields) -> str:
    """Maps for the http context; the add_header lines stand in a comment, since they belong in each server."""
    lines = [_ABOUT, "# Include this file in the http context, and put these lines into each server:", "#"]
    names = _names(fields)
    lines += [f"#   add_header {name} {_variable(name)} always;" for name in names]
    lines += [
        "#",
        "# nginx takes no add_header from outside into a location that has one of its own: repeat them there.",
        "# An empty value is not sent.",
    ]
    for name in names:
        lines += ["", f"map $request_uri {_variable(name)} {{"]
        for match, sent in _specific_first(fields):
            value = sent.get(name, "")
            key = "default" if match == "/" else f'"~{_regex(match)}"'
            lines.append(f"    {key} '{value}';")
        lines.append("}")
    return "\n".join([*lines, ""])


def apache(fields: Fields) -> str:
    """Directives for a server, a virtual host or an .htaccess file; mod_headers is needed."""
    lines = [
        _ABOUT,
        "# For httpd.conf, a virtual host or .htaccess; needs mod_headers.",
        "<IfModule mod_headers.c>",
    ]
    ordered = _specific_first(fields)
    for place, (match, sent) in enumerate(ordered):
        if not sent:
            continue
        above = [other for other, _ in ordered[:place] if overlap(other, match)]
        tests = [_apache_test("=~", match)] if match != "/" else []
        tests += [_apache_test("!~", other) for other in above]
        directives = [
            f"Header always {'add' if name in _SHARED else 'set'} {name} {_quoted(value)}"
            for name, value in sent.items()
        ]
        if tests:
            lines += [
                f'    <If "{" && ".join(tests)}">',
                *(f"        {line}" for line in directives),
                "    </If>",
            ]
        else:
            lines += [f"    {line}" for line in directives]
    return "\n".join([*lines, "</IfModule>", ""])


def _apache_test(operator: str, match: str) -> str:
    asked = _regex(match, ends=r"(?=\s)").removeprefix("^")
    return f"%{{THE_REQUEST}} {operator} m#^\\S+ (?:https?://[^/]+)?{asked}#"


def caddy(fields: Fields) -> str:
    """A snippet for a Caddyfile, to be imported into a site: `import countermark`."""
    lines = [_ABOUT, "# Import into each site: import countermark", "(countermark) {"]
    number = 0
    ordered = _specific_first(fields)
    for place, (match, sent) in enumerate(ordered):
        if not sent:
            continue
        number += 1
        above = [other for other, _ in ordered[:place] if overlap(other, match)]
        lines.append(f"\t@countermark{number} {{")
        if match != "/":
            lines.append(f"\t\tvars_regexp {{http.request.orig_uri}} {_regex(match)}")
        lines += [f"\t\tnot vars_regexp {{http.request.orig_uri}} {_regex(other)}" for other in above]
        if match == "/" and not above:
            lines.append("\t\tpath *")
        lines += ["\t}", f"\theader @countermark{number} {{"]
        lines += [f"\t\t{'+' if name in _SHARED else ''}{name} `{value}`" for name, value in sent.items()]
        lines.append("\t}")
    return "\n".join([*lines, "}", ""])


def static(policy: Policy, fields: Fields) -> tuple[list[str], tuple[Inexpressible, ...]]:
    """The lines of a `_headers` file, and what it cannot say because its rules would meet."""
    rules: dict[str, list[str]] = {}
    lost: list[Inexpressible] = []
    for name in _names(fields):
        values = {match: sent[name] for match, sent in fields.items() if name in sent}
        if len(values) == len(fields) and len(set(values.values())) == 1:
            rules.setdefault("/*", []).append(f"  {name}: {next(iter(values.values()))}")
        elif all(_splat(match) for match in values) and not _meet(values, fields):
            for match, value in values.items():
                rules.setdefault(_splat(match), []).append(f"  {name}: {value}")
        else:
            lost += [
                Inexpressible(FIELD_PROTOCOLS[name], use, rule.match, reason="static-headers")
                for rule in policy.rules
                for uses in VOCABULARIES[FIELD_PROTOCOLS[name]].words.values()
                for use in uses
            ]
    lines = [_ABOUT] if rules else []
    for match in sorted(rules):
        lines += [match, *rules[match]]
    return lines, tuple(lost)


SNIPPETS: Final[dict[str, tuple[str, Callable[[Fields], str]]]] = {
    "nginx": ("nginx.conf", nginx),
    "apache": ("apache.conf", apache),
    "caddy": ("Caddyfile", caddy),
}
"""File name and writer of each server's snippet."""


def _names(fields: Fields) -> list[str]:
    return [name for name in FIELD_PROTOCOLS if any(name in sent for sent in fields.values())]


def _specific_first(fields: Fields) -> list[tuple[str, dict[str, str]]]:
    return sorted(fields.items(), key=lambda item: (-len(item[0]), item[0]))


def _meet(values: Iterable[str], fields: Fields) -> bool:
    """Whether a rule of some would reach what another rule is about."""
    return any(one != other and overlap(one, other) for one in values for other in fields)


def _splat(match: str) -> str:
    """A pattern as these files write it, with one `*` at its end; "" where that cannot be."""
    plain = match.removesuffix("*")
    if set(plain) & {"*", "?"} or (":" in plain):
        return ""
    return plain.removesuffix("$") if plain.endswith("$") else f"{plain}*"


def _regex(match: str, ends: str = "$") -> str:
    """A pattern as a regular expression that nginx (PCRE), Apache (PCRE) and Caddy (RE2) read alike."""
    exact = match.endswith("$")
    pieces = match.removesuffix("$").split("*")
    anything = ".*" if ends == "$" else r"\S*"
    return "^" + anything.join(_literal(piece) for piece in pieces) + (ends if exact else "")


def _literal(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9/_%&=~!:,@-]", lambda found: f"[{found[0]}]", text)


def _variable(name: str) -> str:
    return "$countermark_" + name.lower().replace("-", "_")


def _quoted(value: str) -> str:
    return '"' + value.replace('"', '\\"') + '"'
