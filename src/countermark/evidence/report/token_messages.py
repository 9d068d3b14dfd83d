"""What the reports say of token ids, in English and French. The typography is that of messages_en and messages_fr."""

ENGLISH = {
    "tokens": "How the token ids were read",
    "tokens.all": "The token ids",
    "tokens.some.one": "The token ids of {n} file or part of a file",
    "tokens.some.other": "The token ids of {n} files or parts of files",
    "tokens.stored": ", in numbers of {bits} bits ({type}),",
    "tokens.table": "{name} (table {digest})",
    "tokens.trial": (
        "{subject} were read with the tokeniser {name}, which was found by trial: of {telling} words that tell "
        "tokenisers apart, {share} stand there as its own encoder cuts them; with the wrong one {chance} would."
    ),
    "tokens.known": (
        "{subject} were read with the tokeniser {name}, which was found by trial: {share} of the {words} words "
        "that it reads are frequent words of some language."
    ),
    "tokens.next": "The next best, {name}, comes to {share} of {telling} words, where chance gives {chance}: {says}.",
    "tokens.next.against": "this speaks against it",
    "tokens.next.nothing": "this does not tell",
    "tokens.next.for": "this would speak for it",
    "tokens.next.beyond": "The next best, {name}, cannot be theirs: {share} of the ids are beyond it.",
    "tokens.none": "No other table that was tried can be theirs: too many ids are beyond it, or are halves of ids.",
    "tokens.alone": "No other table was at hand to compare it with.",
    "tokens.named": "{subject} were read with the tokeniser {name}, which whoever asked for the search named.",
    "tokens.named.against": (
        "But its words speak against it: of {telling} of them {share} stand there as it cuts them; with the right one "
        "nearly all would, with a wrong one {chance}. If it is the wrong one, what stands there goes unfound: a search "
        "without findings says little."
    ),
    "tokens.named.beyond": (
        "Of the ids that were tried, {share} are beyond its table, so that some may be of another tokeniser. What they "
        "say then goes unfound: a search without findings says little."
    ),
    "tokens.doubt.one": (
        "Token ids of {n} file or part of a file were read with the tokeniser {name}, which whoever asked for the "
        "search named, but a trial speaks against it. If another one wrote them, or some of them, what stands there "
        "goes unfound: that a work was not found says little."
    ),
    "tokens.doubt.other": (
        "Token ids of {n} files or parts of files were read with the tokeniser {name}, which whoever asked for the "
        "search named, but a trial speaks against it. If another one wrote them, or some of them, what stands there "
        "goes unfound: that a work was not found says little."
    ),
    "tokens.counts": (
        "{ids} ids were read (files or parts of files: {shards}); {special} of them stand for no text: beginnings, "
        "ends, padding."
    ),
    "tokens.counts.some": "{ids} ids were read; {special} of them stand for no text: beginnings, ends, padding.",
    "tokens.unknown.one": "{n} id is beyond its table, and is read as an unknown character.",
    "tokens.unknown.other": "{n} ids are beyond its table, and are read as unknown characters.",
    "tokens.bad_bytes.one": "{n} byte of what they stand for is no UTF-8.",
    "tokens.bad_bytes.other": "{n} bytes of what they stand for are no UTF-8.",
    "tokens.fragments.one": (
        "{n} piece of a document that was cut when the sequences were packed was read; it was searched as far as it "
        "goes, and findings in it say so."
    ),
    "tokens.fragments.other": (
        "{n} pieces of documents that were cut when the sequences were packed were read; each was searched as far as "
        "it goes, and findings in them say so."
    ),
    "tokens.exact": "Its ids give a text back whole.",
    "tokens.losses": "Not every text comes back whole from its ids; lost are: {losses}.",
    "loss.and": " and ",
    "loss.capital letters": "capital letters",
    "loss.accents": "accents",
    "loss.runs of spaces and line breaks": "runs of spaces and line breaks",
    "loss.spaces at the ends": "spaces at the ends",
    "loss.spaces around punctuation": "spaces around punctuation",
    "loss.control characters": "control characters",
    "loss.characters that are replaced by others": "characters that are replaced by others",
    "loss.characters replaced by a map, mostly NFKC": "characters replaced by a map, mostly NFKC",
    "loss.characters outside the vocabulary": "characters outside the vocabulary",
    "loss.the sign ▁ (comes back as a space)": "the sign ▁ (it comes back as a space)",
    "guarantee.tokens": (
        "Token ids are searched in the text that they were read as; of them this holds only where they were read with "
        "the right tokeniser."
    ),
    "guarantee.tokens.doubt": (
        "Of some of them there is reason to doubt that: “How the token ids were read” says why."
    ),
    "refused.none.doubt": (
        "No file and no row was refused. But some token ids may have been read with the wrong tokeniser, as something "
        "else than what they say."
    ),
}
FRENCH = {
    "tokens": "Comment les jetons ont été lus",
    "tokens.all": "Les jetons",
    "tokens.some.one": "Les jetons de {n} fichier ou partie de fichier",
    "tokens.some.other": "Les jetons de {n} fichiers ou parties de fichiers",
    "tokens.stored": ", en nombres de {bits} bits ({type}),",
    "tokens.table": "{name} (table {digest})",
    "tokens.trial": (
        "{subject} ont été lus avec le tokeniseur {name}, trouvé par essai : sur {telling} mots qui distinguent les "
        "tokeniseurs, {share} s’y trouvent découpés comme il le ferait lui-même ; avec un autre, {chance} le seraient."
    ),
    "tokens.known": (
        "{subject} ont été lus avec le tokeniseur {name}, trouvé par essai : {share} des {words} mots qu’il lit sont "
        "des mots courants d’une langue."
    ),
    "tokens.next": (
        "Le meilleur des autres, {name}, arrive à {share} de {telling} mots, où le hasard donne {chance} : {says}."
    ),
    "tokens.next.against": "cela parle contre lui",
    "tokens.next.nothing": "cela ne dit rien",
    "tokens.next.for": "cela parlerait pour lui",
    "tokens.next.beyond": "Le meilleur des autres, {name}, ne convient pas : {share} des jetons sont hors de lui.",
    "tokens.none": "Aucune autre table essayée ne convient : trop de jetons la dépassent, ou ne sont que des moitiés.",
    "tokens.alone": "Aucune autre table n’était là pour comparer.",
    "tokens.named": "{subject} ont été lus avec le tokeniseur {name}, nommé par qui a demandé la recherche.",
    "tokens.named.against": (
        "Mais ses mots parlent contre lui : sur {telling}, {share} sont découpés comme il le ferait ; avec le bon, "
        "presque tous le seraient, avec un autre {chance}. Si ce n’est pas le bon, ce qui y figure n’est pas trouvé : "
        "une recherche sans résultat ne dit pas grand-chose."
    ),
    "tokens.named.beyond": (
        "Parmi les jetons essayés, {share} sont hors de sa table : certains peuvent être d’un autre tokeniseur. Ce "
        "qu’ils disent n’est alors pas trouvé : une recherche sans résultat ne dit pas grand-chose."
    ),
    "tokens.doubt.one": (
        "Les jetons de {n} fichier ou partie de fichier ont été lus avec le tokeniseur {name}, nommé par qui a demandé "
        "la recherche, mais un essai parle contre lui. S’ils ont été écrits, même en partie, avec un autre, ce qui y "
        "figure n’est pas trouvé : qu’une œuvre n’ait pas été trouvée ne dit pas grand-chose."
    ),
    "tokens.doubt.other": (
        "Les jetons de {n} fichiers ou parties de fichiers ont été lus avec le tokeniseur {name}, nommé par qui a "
        "demandé la recherche, mais un essai parle contre lui. S’ils ont été écrits, même en partie, avec un autre, ce "
        "qui y figure n’est pas trouvé : qu’une œuvre n’ait pas été trouvée ne dit pas grand-chose."
    ),
    "tokens.counts": (
        "{ids} jetons ont été lus (fichiers ou parties de fichiers : {shards}) ; {special} d’entre eux ne sont "
        "d’aucun texte : débuts, fins, remplissage."
    ),
    "tokens.counts.some": (
        "{ids} jetons ont été lus ; {special} d’entre eux ne sont d’aucun texte : débuts, fins, remplissage."
    ),
    "tokens.unknown.one": "{n} jeton est hors de sa table, et se lit comme un caractère inconnu.",
    "tokens.unknown.other": "{n} jetons sont hors de sa table, et se lisent comme des caractères inconnus.",
    "tokens.bad_bytes.one": "{n} octet de ce qu’ils représentent n’est pas de l’UTF-8.",
    "tokens.bad_bytes.other": "{n} octets de ce qu’ils représentent ne sont pas de l’UTF-8.",
    "tokens.fragments.one": (
        "{n} morceau d’un document coupé lors de l’assemblage des séquences a été lu ; la recherche y va jusqu’à "
        "la coupe, et ses résultats le disent."
    ),
    "tokens.fragments.other": (
        "{n} morceaux de documents coupés lors de l’assemblage des séquences ont été lus ; dans chacun, la "
        "recherche va jusqu’à la coupe, et leurs résultats le disent."
    ),
    "tokens.exact": "Ses jetons rendent un texte en entier.",
    "tokens.losses": "Tout texte ne revient pas entier de ses jetons ; se perdent : {losses}.",
    "loss.and": " et ",
    "loss.capital letters": "les majuscules",
    "loss.accents": "les accents",
    "loss.runs of spaces and line breaks": "les suites d’espaces et de sauts de ligne",
    "loss.spaces at the ends": "les espaces aux extrémités",
    "loss.spaces around punctuation": "les espaces autour de la ponctuation",
    "loss.control characters": "les caractères de contrôle",
    "loss.characters that are replaced by others": "des caractères remplacés par d’autres",
    "loss.characters replaced by a map, mostly NFKC": "des caractères remplacés par une table, NFKC pour l’essentiel",
    "loss.characters outside the vocabulary": "les caractères hors du vocabulaire",
    "loss.the sign ▁ (comes back as a space)": "le signe ▁ (il revient comme une espace)",
    "guarantee.tokens": (
        "Des jetons sont parcourus dans le texte qui en a été lu ; pour eux, cela ne vaut que là où ils ont été lus "
        "avec le bon tokeniseur."
    ),
    "guarantee.tokens.doubt": (
        "Pour une partie d’entre eux, il y a lieu d’en douter : « Comment les jetons ont été lus » dit pourquoi."
    ),
    "refused.none.doubt": (
        "Aucun fichier ni aucune ligne n’a été refusé. Mais une partie des jetons a pu être lue avec un autre "
        "tokeniseur que le bon, comme autre chose que ce qu’ils disent."
    ),
}
