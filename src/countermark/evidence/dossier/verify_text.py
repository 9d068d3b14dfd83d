"""`VERIFY.txt`: how anyone verifies a dossier with `sha256sum` and `openssl`, in English and French.

The commands are the same in both languages and stand alone on their lines, to be copied, or run by a test.
"""

from __future__ import annotations

from typing import Final

FILE: Final = "data/VERIFY.txt"

COMMANDS: Final = {
    "files": "sha256sum --check --strict --quiet manifest-sha256.txt",
    "tags": "sha256sum --check --strict --quiet tagmanifest-sha256.txt",
    "signature": (
        "openssl pkeyutl -verify -pubin -inkey seal/public.pem -rawin -in seal/signed.pae -sigfile seal/signature.bin"
    ),
    "statement": 'tail -c "$(wc -c < seal/statement.json)" seal/signed.pae | cmp - seal/statement.json',
    "list": 'grep -q "$(sha256sum < seal/commitments.sha256 | cut -c1-64)" seal/statement.json',
    "committed": "sha256sum --check --strict --quiet --ignore-missing seal/commitments.sha256",
    "whole": "test ! -e data/whole-set.sha256 || sha256sum --check --strict --quiet data/whole-set.sha256",
    "pictures": (
        "cut -c67- seal/commitments.sha256 | grep '^data/items/.*[.]sha256$' | while read -r list;"
        ' do test ! -e "$list" || sha256sum --check --strict --quiet "$list" || exit 1; done'
    ),
    "added": (
        "! { { cat seal/commitments.sha256; cut -c67- seal/commitments.sha256"
        " | grep -E '^data/(whole-set|items/.*)[.]sha256$' | xargs cat 2>/dev/null; }"
        " | cut -c67- | sed p; find data ! -type d; } | sort | uniq -u | grep ."
    ),
    "absent": "{ cut -c67- seal/commitments.sha256; find data ! -type d | sed p; } | sort | uniq -u",
    "key": "openssl pkey -pubin -in seal/public.pem -outform DER | sha256sum",
    "stamp": (
        'for tsr in seal/timestamps/*.tsr; do test ! -e "$tsr" || openssl ts -verify -data seal/dossier.dsse.json'
        ' -in "$tsr" -CAfile "${tsr%.tsr}.pem" -partial_chain || exit 1; done'
    ),
}
"""Step → command, to be run in the bag's folder by a POSIX shell; exit code 0 means that it holds."""

_EN: Final = """\
HOW TO VERIFY THIS DOSSIER

You need sha256sum (GNU coreutils) and openssl 3. Countermark is not needed. Open a terminal in the folder that holds
bagit.txt, and give the commands one after the other. Each one ends with the exit code 0 when it holds (echo $? shows
it), and otherwise names what was changed.

1. Every file is the one that the manifest lists.

    {files}

2. The manifest and the files of the seal are the ones that were listed.

    {tags}

3. The signature was made with the key in seal/public.pem.

    {signature}

4. What was signed is seal/statement.json.

    {statement}

5. The statement names the list of commitments.

    {list}

6. Every file that is there is the one that was committed to. In a redacted copy, files that were withheld are absent;
   redaction.json counts them, and says why. All that remains is still verified against the first signature.

    {committed}

    {whole}

   Pictures and sounds, if there are any, stand in lists beside them.

    {pictures}

   No file was added: what these lists do not name is printed.

    {added}

   Which files were signed for and are not in this copy? Of a whole dossier nothing is printed. redaction.json is not
   signed: this list is.

    {absent}

7. Whose key is it? Compare this fingerprint with the one that the signer gave you by another way. A bag brings its own
   key along: without this step you know only that nothing was changed since somebody signed.

    {key}

8. When was it? Each time stamp, if there are any, says that the seal existed at its date. The certificates beside the
   stamp come with the bag: compare them with those that the authority publishes.

    {stamp}

What these steps show is that everything in data/ is what somebody signed with this key. Not signed are bag-info.txt,
the manifests, redaction.json and what else lies beside data/ and seal/; whoever passes the bag on can change those,
and can leave a time stamp out. "countermark dossier verify" looks at the same and at more: the Merkle root in the
statement, the chains of the run logs and of the log of attempts, receipts against logs, runs against the statement, and
the kind of each time stamp.

Being listed in a data set is not proof that a model was trained on a work.
"""

_FR: Final = """\
COMMENT VÉRIFIER CE DOSSIER

Il faut sha256sum (GNU coreutils) et openssl 3 ; Countermark n’est pas nécessaire. Ouvrez un terminal dans le dossier
qui contient bagit.txt et donnez les commandes l’une après l’autre. Chacune se termine par le code 0 quand tout
concorde (echo $? l’affiche) ; sinon, elle nomme ce qui a été modifié.

1. Chaque fichier est celui que le manifeste énumère.

    {files}

2. Le manifeste et les fichiers du sceau sont ceux qui ont été énumérés.

    {tags}

3. La signature a été faite avec la clé de seal/public.pem.

    {signature}

4. Ce qui a été signé est seal/statement.json.

    {statement}

5. La déclaration signée nomme la liste des engagements.

    {list}

6. Chaque fichier présent est celui sur lequel porte l’engagement. Dans une copie expurgée, les fichiers retirés sont
   absents ; redaction.json les compte et dit pourquoi. Tout ce qui reste se vérifie encore avec la première signature.

    {committed}

    {whole}

   Les images et les sons, s’il y en a, figurent dans des listes placées à côté d’eux.

    {pictures}

   Aucun fichier n’a été ajouté : ce que ces listes ne nomment pas est affiché.

    {added}

   Quels fichiers ont été signés et manquent dans cette copie ? Pour un dossier entier, rien ne s’affiche.
   redaction.json n’est pas signé ; cette liste l’est.

    {absent}

7. À qui est la clé ? Comparez cette empreinte avec celle que le signataire vous a donnée par une autre voie. Le dossier
   apporte sa propre clé : sans cette étape, vous savez seulement que rien n’a changé depuis que quelqu’un a signé.

    {key}

8. À quelle date ? Chaque horodatage, s’il y en a, atteste que le sceau existait à sa date. Les certificats placés à
   côté viennent du dossier : comparez-les avec ceux que publie l’autorité d’horodatage.

    {stamp}

Ces étapes montrent que tout ce que contient data/ a été signé avec cette clé. Ne sont pas signés : bag-info.txt, les
manifestes, redaction.json et tout autre fichier hors de data/ et de seal/ ; qui transmet le dossier peut les modifier,
et peut en ôter un horodatage. « countermark dossier verify » contrôle aussi la racine de Merkle que donne la
déclaration, l’enchaînement du journal de chaque recherche et du journal de toutes les recherches, l’accord des reçus
avec les journaux et des recherches avec la déclaration, et la nature de chaque horodatage.

La présence d’une œuvre dans un jeu de données ne prouve pas qu’un modèle a été entraîné avec elle.
"""


def verify_text() -> bytes:
    """The page, the same for every dossier."""
    french = _FR.replace(" ;", "\u202f;").replace(" ?", "\u202f?").replace(" :", "\u00a0:")
    french = french.replace("« ", "«\u00a0").replace(" »", "\u00a0»")
    return (_EN.format(**COMMANDS) + "\n\n" + french.format(**COMMANDS)).encode()


def commands_in(page: str) -> list[str]:
    """The commands as the page prints them: the lines indented by four spaces."""
    return [line.strip() for line in page.splitlines() if line.startswith("    ")]
