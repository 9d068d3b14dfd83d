"""Bytes to text: marks, UTF-8, legacy encodings, binary data."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.documents import decode
from countermark.documents.charset import codec_of, decode_lenient, decode_text, without_surrogates
from countermark.errors import DocumentError

RUSSIAN = (
    "Старый переписчик жил над лавкой и каждое утро открывал окно, чтобы услышать, как просыпается рынок. "
    "Он говорил, что чужие слова нужно беречь, как берегут чужие письма."
)
GREEK = (
    "Ο γέρος αντιγραφέας ζούσε πάνω από το μαγαζί και κάθε πρωί άνοιγε το παράθυρο για να ακούσει την αγορά. "
    "Έλεγε πως τα ξένα λόγια πρέπει να τα φυλάμε σαν ξένα γράμματα."
)
ARABIC = (
    "كان الناسخ العجوز يسكن فوق الدكان، وكل صباح يفتح النافذة ليسمع السوق وهو يستيقظ. "
    "وكان يقول إن كلام الناس أمانة كما أن رسائلهم أمانة."
)
CHINESE = "老抄书人住在店铺楼上,每天早晨打开窗户,听集市慢慢醒来。他说,别人的话要像别人的信一样好好保存。"
JAPANESE = (
    "年老いた写字生は店の二階に住み、毎朝窓を開けて市場が目を覚ます音を聞いていました。"
    "他人の言葉は他人の手紙のように大切にしなければならない、と彼は言いました。"
)
KOREAN = (
    "늙은 필경사는 가게 위층에 살면서 아침마다 창문을 열고 시장이 깨어나는 소리를 들었습니다. "
    "그는 남의 말을 남의 편지처럼 소중히 지켜야 한다고 말했습니다."
)
HINDI = "बूढ़ा लेखक दुकान के ऊपर रहता था और हर सुबह खिड़की खोलकर बाज़ार के जागने की आवाज़ सुनता था।"
FRENCH = (
    "Le vieux copiste habitait au-dessus de la boutique ; chaque matin, il ouvrait la fenêtre pour écouter le marché "
    "s’éveiller. « Les mots d’autrui, disait-il, se gardent comme des lettres. » Son œuvre tenait dans un coffre."
)
CZECH = "Starý písař bydlel nad krámem a každé ráno otevíral okno, aby slyšel, jak se probouzí tržiště."


@pytest.mark.parametrize("text", [RUSSIAN, GREEK, ARABIC, CHINESE, JAPANESE, KOREAN, HINDI, FRENCH])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_forms_are_read_in_every_script(text: str, encoding: str) -> None:
    """UTF-8 with and without a mark, UTF-16 and UTF-32 with one."""
    assert decode(text.encode(encoding))[0] == text


@pytest.mark.parametrize("text", [RUSSIAN, GREEK, ARABIC, HINDI, FRENCH])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_forms_are_read_without_a_mark(text: str, encoding: str) -> None:
    """The zero bytes of the spaces tell the byte order."""
    assert decode(text.encode(encoding)) == (text, encoding)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "koi8-r"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "cp866"),
        (GREEK, "iso-8859-7"),
        (GREEK, "cp1253"),
        (ARABIC, "cp1256"),
        (CHINESE, "gb18030"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc-jp"),
        (JAPANESE, "iso2022_jp"),
        (KOREAN, "euc-kr"),
        (FRENCH, "cp1252"),
        (FRENCH.replace("’", "'").replace("œ", "oe"), "iso-8859-1"),
        (CZECH, "cp1250"),
    ],
)
def test_a_paragraph_in_a_legacy_encoding_is_read(text: str, encoding: str) -> None:
    """Undeclared legacy encodings come back letter by letter, once and in a long file of one line."""
    assert decode(text.encode(encoding))[0] == text
    assert decode((text * 200).encode(encoding))[0] == text * 200


@pytest.mark.parametrize(
    "text", ["déjà vu", "É", "Größe", "El niño y la ñandú", "São Paulo: corações, não é ?"]
)
def test_short_western_text_is_read_as_windows_1252(text: str) -> None:
    """A few accents are no evidence for anything more exotic."""
    assert decode(text.encode("cp1252")) == (text, "cp1252")


def test_a_declared_encoding_is_used_where_the_bytes_are_not_utf8() -> None:
    """What a header says decides between legacy encodings."""
    assert decode("Ружа".encode("cp1251"), "windows-1251") == ("Ружа", "cp1251")


def test_valid_utf8_wins_over_a_wrong_declaration() -> None:
    """Pages that say ISO-8859-1 and are UTF-8 are common; the reverse by accident is not."""
    assert decode(FRENCH.encode(), "iso-8859-1") == (FRENCH, "utf-8")


@pytest.mark.parametrize(
    "label", ["zip", "rot13", "hex", "idna", "unicode_escape", "utf-7", "no\0such", "../x", "x" * 999]
)
def test_labels_that_are_no_encoding_of_text_are_ignored(label: str) -> None:
    """A label is input like any other: nothing but encodings of text is looked up."""
    assert codec_of(label) is None
    assert decode("été".encode("cp1252"), label)[0] == "été"


def test_labels_are_read_as_browsers_read_them() -> None:
    """The superset is meant."""
    assert [codec_of(x) for x in ("latin1", "GB2312", "Shift_JIS", "euc-kr")] == [
        "cp1252",
        "gb18030",
        "cp932",
        "cp949",
    ]


def test_a_few_bad_bytes_do_not_change_the_encoding() -> None:
    """UTF-8 with damage stays UTF-8, and says so."""
    decoded = decode_text(FRENCH.encode() + b"\xff" + FRENCH.encode())
    assert decoded.text == FRENCH + "\ufffd" + FRENCH
    assert decoded.encoding == "utf-8"
    assert "utf-8" in decoded.warnings[0]


def test_utf8_cut_in_a_character_stays_utf8() -> None:
    """Crawls cut pages at a fixed size."""
    assert decode(("é" * 20).encode()[:-1]) == ("é" * 19 + "\ufffd", "utf-8")


@pytest.mark.parametrize(
    "data",
    [
        b"a\0b",
        bytes(range(256)) * 8,
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0",
        b"\x7fELF\x02\x01\x01" + bytes(50),
    ],
)
def test_binary_data_is_refused(data: bytes) -> None:
    """A picture or a program is not text."""
    with pytest.raises(DocumentError) as caught:
        decode(data)
    assert caught.value.reason == "binary"


def test_empty_data_is_an_empty_text() -> None:
    """Whether that is an error is for the caller to say."""
    assert decode(b"") == ("", "utf-8")


@given(st.binary(max_size=300), st.one_of(st.none(), st.sampled_from(["utf-8", "gbk", "koi8-r", "bogus"])))
def test_no_bytes_make_lone_surrogates(data: bytes, declared: str | None) -> None:
    """Whatever the bytes, what comes out can be encoded."""
    decode_lenient(data, declared).text.encode("utf-8")


@given(st.text())
def test_utf8_is_read_back(text: str) -> None:
    """Any text but one with NULs, control characters or escapes survives."""
    kept = "".join(c for c in text if c >= " " and c != "\ufeff")
    assert decode(kept.encode())[0] == kept


def test_surrogates_are_joined_or_replaced() -> None:
    """A pair is the character that it means; a lone one is U+FFFD."""
    assert without_surrogates("a\ud83d\ude00b\ud800c") == "a😀b\ufffdc"
    assert decode("é\ud83d\ude00b\ud800c".encode("utf-8", "surrogatepass")) == ("é😀b\ufffdc", "utf-8")
    assert decode("\ufeffa\ud800b".encode("utf-16-le", "surrogatepass")) == ("a\ufffdb", "utf-16-le")
