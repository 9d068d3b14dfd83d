"""policy.toml: what it comes to, and what is refused, with line, table and key."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.errors import InputError
from countermark.reservations.policy import Policy, example, parse_policy, read_policy
from countermark.reservations.policy.patterns import contains, overlap, sample
from countermark.reservations.robots import match_length
from countermark.reservations.use import USES, Answer, Use
from reservations.random_policies import AGENTS

HEAD = '[policy]\nsite = "https://press.example.org"\n'
ALL = "[uses]\n" + "".join(f'{use} = "reserved"\n' for use in USES)


def read(text: str) -> Policy:
    """The policy of a text."""
    return parse_policy(text.encode(), "policy.toml", AGENTS)


def test_silence_is_unknown() -> None:
    """Nothing is wanted of a use that is not named."""
    policy = read(HEAD + '[uses]\ntdm = "reserved"\n')
    assert [policy.wanted(use, "/x") for use in USES] == [Answer.RESERVED, *[Answer.UNKNOWN] * 4]


def test_the_longest_pattern_decides_and_keeps_what_it_does_not_name() -> None:
    """A table of paths changes the uses that it names; the others stay as they are for the site."""
    text = HEAD + '[uses]\ntrain = "reserved"\ninput = "reserved"\n'
    text += '[[paths]]\nmatch = "/blog/"\nuses = { train = "allowed" }\n'
    text += '[[paths]]\nmatch = "/blog/old/*.html$"\nuses = { train = "unknown" }\n'
    policy = read(text)
    assert policy.wanted(Use.TRAIN, "/blog/a") is Answer.ALLOWED
    assert policy.wanted(Use.INPUT, "/blog/a") is Answer.RESERVED
    assert policy.wanted(Use.TRAIN, "/blog/old/a.html") is Answer.UNKNOWN
    assert policy.wanted(Use.TRAIN, "/shop") is Answer.RESERVED


def test_agents_whose_every_purpose_is_reserved_are_refused() -> None:
    """An agent with another purpose, or of unknown purpose, is not; the policy can turn it off."""
    text = HEAD + '[uses]\ngenerative = "reserved"\ninput = "reserved"\n'
    policy = read(text)
    assert policy.refuses("novelbot", "/")
    assert not policy.refuses("GatherBot", "/")
    assert not policy.refuses("PlainBot", "/")
    assert not policy.refuses("Stranger", "/")
    assert policy.wanted(Use.SEARCH, "/", "NovelBot") is Answer.RESERVED
    off = read(text.replace("[uses]", "refuse_reserved_agents = false\n[uses]"))
    assert not off.refuses("NovelBot", "/")


def test_token_before_operator_before_purpose() -> None:
    """The nearer name stands."""
    text = HEAD
    for kind, value, fetch in (
        ("purpose", "train", "refused"),
        ("operator", "novel works", "allowed"),
        ("token", "GatherBot", "refused"),
    ):
        text += f'[[agents]]\n{kind} = "{value}"\nfetch = "{fetch}"\n'
    policy = read(text)
    assert policy.refuses("GatherBot", "/")
    assert not policy.refuses("NovelBot", "/")
    assert policy.refuses("Two Words", "/")


WRONG = {
    "unknown table": ("[use]\n", '"use" is unknown here (did you mean uses?)'),
    "unknown key": (HEAD + "holdr = 'x'\n", 'policy.toml, line 3, [policy], holdr: "holdr" is unknown here (did you'),
    "unknown use": (HEAD + "[uses]\ntran = 'reserved'\n", 'line 4, [uses], tran: "tran" is unknown here (did you mean'),
    "wrong answer": (HEAD + "[uses]\ntrain = 'no'\n", 'line 4, [uses], train: train = "no"; accepted are reserved'),
    "no site": ("[policy]\nholder = 'x'\n", "[policy], site: expected is the origin"),
    "site with a path": ("[policy]\nsite = 'https://a.example/x'\n", "is no origin"),
    "site by ftp": ("[policy]\nsite = 'ftp://a.example'\n", "is no origin"),
    "conditional on nothing": (HEAD + "[uses]\ntrain = 'conditional'\n", "has no licence"),
    "licence with a quote": (HEAD + "licence = 'https://a.example/\"x'\n", "line 3, [policy], licence:"),
    "licence over two lines": (HEAD + 'licence = "https://a.example/\\r\\nSet-Cookie: x"\n', "licence: expected is one"),  # noqa: E501
    "contact": (HEAD + "contact = 'nobody'\n", 'contact: "nobody" is neither'),
    "day": (HEAD + "from = 'tomorrow'\n", "from: \"tomorrow\" is no day"),
    "hour": (HEAD + "from = 2026-11-23T10:00:00\n", "is no day"),
    "flag": (HEAD + "refuse_reserved_agents = 'no'\n", "accepted are true and false"),
    "pattern": (HEAD + "[[paths]]\nmatch = 'blog'\nuses = {}\n", 'line 4, [[paths]] number 1, match: "blog" is no path'),  # noqa: E501
    "pattern with half an escape": (HEAD + "[[paths]]\nmatch = '/é%/'\nuses = {}\n", "is no path pattern"),
    "nothing said": (HEAD, "the policy says nothing. Expected is [uses]"),
    "pattern with a line": (HEAD + '[[paths]]\nmatch = "/a\\nDisallow: /"\nuses = {}\n', "is no path pattern"),
    "pattern with a comment": (HEAD + "[[paths]]\nmatch = '/a#b'\nuses = {}\n", "is no path pattern"),
    "dollar within": (HEAD + "[[paths]]\nmatch = '/a$b'\nuses = {}\n", "is no path pattern"),
    "no uses": (HEAD + "[[paths]]\nmatch = '/a'\n", "expected is uses = {"),
    "twice": (HEAD + "[[paths]]\nmatch='/a'\nuses={}\n[[paths]]\nmatch='/a'\nuses={}\n", "line 7, [[paths]] number 2"),
    "root": (HEAD + "[[paths]]\nmatch='/'\nuses={}\n", "belongs in [uses]"),
    "tie": (
        HEAD + "[[paths]]\nmatch='/*.jpg'\nuses={tdm='allowed'}\n[[paths]]\nmatch='/*.pdf'\nuses={tdm='reserved'}\n",
        "equally long",
    ),
    "paths as a table": (HEAD + "[paths]\nmatch = '/a'\n", "expected are tables, [[paths]]"),
    "two names": (HEAD + "[[agents]]\ntoken='A'\npurpose='train'\nfetch='refused'\n", "one of token, operator and"),
    "fetch": (HEAD + "[[agents]]\ntoken='A'\nfetch='no'\n", "accepted are refused, allowed"),
    "token": (HEAD + "[[agents]]\ntoken='A:\\u00e9'\nfetch='refused'\n", "is no product token"),
    "operator": (HEAD + "[[agents]]\noperator='Novel Work'\nfetch='refused'\n", "did you mean Novel Works?"),
    "purpose": (HEAD + "[[agents]]\npurpose='sell'\nfetch='refused'\n", "is no purpose"),
    "agent twice": (HEAD + "[[agents]]\ntoken='A'\nfetch='refused'\n" + "[[agents]]\ntoken='a'\nfetch='allowed'\n", "twice"),  # noqa: E501
    "nobody could": (HEAD + "[uses]\nsearch='allowed'\n[[agents]]\ntoken='*'\nfetch='refused'\n", "nobody could"),
    "not TOML": ("[policy\n", "this is not TOML"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "said"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_named_with_its_place(text: str, said: str) -> None:
    """One message: file, line, table, key, what is accepted."""
    with pytest.raises(InputError) as told:
        read(text)
    assert said in str(told.value)
    assert str(told.value).startswith("policy.toml")


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    """Bytes that are not UTF-8 are named by line; a missing file and one of a megabyte by name."""
    with pytest.raises(InputError, match="line 2: this is not UTF-8"):
        parse_policy(b"[policy]\nholder = '\xe9'\n", "policy.toml")
    with pytest.raises(InputError, match="cannot be read"):
        read_policy(tmp_path / "none.toml")
    (tmp_path / "long.toml").write_bytes(b"#" * (2 << 20))
    with pytest.raises(InputError, match="at most 1 MB"):
        read_policy(tmp_path / "long.toml")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_example_can_be_read_also_without_its_comment_marks(language: str) -> None:
    """Every line that is commented out is right as well."""
    text = example(language)
    policy = read(text)
    assert policy.wanted(Use.SEARCH, "/") is Answer.ALLOWED
    keys = ("licence", "from", "refuse", "[[", "match", "uses", "token", "purpose", "fetch")
    opened = "\n".join(
        line[2:] if line.startswith("# ") and line[2:].startswith(keys) and ("=" in line or "[[" in line) else line
        for line in text.splitlines()
    )  # fmt: skip
    assert len(read(opened).rules) == 2
    assert len(read(opened).choices) == 2


PATTERNS = st.text(alphabet="ab*/", max_size=6).map(lambda text: "/" + text) | st.text(
    alphabet="ab*/", max_size=5
).map(lambda text: f"/{text}$")


@settings(max_examples=300, deadline=None)
@given(PATTERNS, PATTERNS, st.text(alphabet="ab/", max_size=8))
def test_patterns_that_match_one_path_overlap(one: str, other: str, path: str) -> None:
    """`overlap` is what `match_length` finds; a contained pattern is within; a sample is matched."""
    path = "/" + path
    both = match_length(one, path) >= 0 and match_length(other, path) >= 0
    assert overlap(one, other) or not both
    assert overlap(one, other) == overlap(other, one)
    assert match_length(one, sample(one)) >= 0
    if contains(one, other) and match_length(other, path) >= 0:
        assert match_length(one, path) >= 0


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_policy_or_an_error(data: bytes) -> None:
    """Nothing but InputError."""
    try:
        parse_policy(data, "policy.toml", AGENTS)
    except InputError:
        return


def test_too_many_tables_are_refused() -> None:
    """With their number, and a way out."""
    tables = "".join(
        f'[[paths]]\nmatch = "/{number}/"\nuses = {{ train = "allowed" }}\n' for number in range(501)
    )
    with pytest.raises(InputError, match=r"501 tables; at most 500 are accepted.*join paths"):
        parse_policy(f'[policy]\nsite = "https://a.example"\n{tables}'.encode(), "policy.toml")


def test_letters_beyond_ascii_and_spaces_are_encoded_as_browsers_do() -> None:
    """And what was made of them is known."""
    policy = read(HEAD + '[[paths]]\nmatch = "/œuvres/Été 2024/*"\nuses = { train = "reserved" }\n')
    plain = "/%C5%93uvres/%C3%89t%C3%A9%202024/*"
    assert policy.rules[1].match == plain
    assert policy.encoded == (("/œuvres/Été 2024/*", plain),)
    assert policy.wanted(Use.TRAIN, "/%C5%93uvres/%C3%89t%C3%A9%202024/x") is Answer.RESERVED


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            HEAD + "[uses]\ntran = 'no'\n",
            'p.toml, ligne 4, [uses], tran\u00a0: "tran" est inconnu ici (vouliez-vous',
        ),
        (HEAD + "[uses]\ntrain = 'no'\n", 'train = "no"\u202f; sont acceptés reserved'),
        (HEAD, "la politique ne dit rien"),
        ("x", "ce n’est pas du TOML"),
    ],
)
def test_what_is_wrong_is_told_in_french(text: str, said: str) -> None:
    """The place is the same, and so are the words of the format."""
    with pytest.raises(InputError) as told:
        parse_policy(text.encode(), "p.toml", AGENTS, "fr")
    assert said in str(told.value)


def test_a_policy_that_is_not_there(tmp_path: Path) -> None:
    """In both languages, with what to do."""
    for language, said in (("en", "there is no such file"), ("fr", "ce fichier n’existe pas")):
        with pytest.raises(InputError, match=said):
            read_policy(tmp_path / "none.toml", language=language)
