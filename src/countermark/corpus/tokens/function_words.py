"""The most frequent words of some languages that are written with spaces: articles, pronouns, and so on.

In running text every third to every second word is one of them, whatever it speaks of. Only words of two letters or
more: single letters are too often tokens of their own.
"""

from __future__ import annotations

from typing import Final

_BY_LANGUAGE: Final = {
    "Arabic": "من في على إلى أن عن مع هذا هذه التي الذي لا ما كان هو هي كل ذلك بين أو قد لم بعد إن كانت عند",
    "Bengali": "এবং এই করে একটি থেকে জন্য করা তার না কি যে হয় আছে এর সে তিনি কিন্তু পারে হবে আর",
    "Bulgarian": "на за да се от не са по ще като това но при или беше до със той тя ако ли му го",
    "Catalan": "de la el que en les els per un una amb és no se del al com més són aquest però si ha seva",
    "Czech": "se na je že to ve pro jako jsem po by jsou od ale za při nebo jeho když tak už jen bylo do",
    "Danish": "og at det en er til på som af for den der med ikke de har et var han fra jeg vi kan om",
    "Dutch": "de het een van en in is dat op te zijn voor met die niet aan er om maar ook als bij uit hij",
    "English": (
        "the of and to in that is was he for it with as his on be at by had not are but from or have "
        "an they which you were her all she there would their we him been has when who will no more "
        "if out so what up said about than its into them can only other this my me your thou thy"
    ),
    "Finnish": (
        "ja on ei että se oli hän kun mutta ole niin kuin tai joka mitä sen minä jos hänen olla vain "
        "myös ovat"
    ),
    "French": (
        "de la le et les des en un une du que est pour qui dans sur pas au par il ne se plus ce avec "
        "son sont elle mais nous ou vous je lui cette ses tout comme aux sa bien même ces était être "
        "fait leur si sans"
    ),
    "German": (
        "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an "
        "werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über so zum war "
        "haben nur oder aber vor zur bis ich wir"
    ),
    "Greek": (
        "και το να του της την με για που από στο οι στη δεν τα των θα τον είναι σε τους ένα αυτό μια αν ως"
    ),
    "Hebrew": "של את על לא זה הוא עם כל גם היא אם או כי יש אני אל מה רק אבל היה כך בין",
    "Hindi": "के है में की और से का को पर यह हैं ने एक कि भी था नहीं इस तो कर लिए या हो जो वह ही अपने",
    "Hungarian": (
        "az és hogy nem is egy ez meg de volt csak el már van mint ha vagy még azt én ezt ki be fel majd"
    ),
    "Indonesian": (
        "yang dan di itu dengan untuk dari tidak ini dalam akan pada ke adalah juga atau saya oleh bisa ada"
    ),
    "Italian": (
        "di che la il un in per è non si una del con le da dei al come nel più ma gli della alla sono "
        "anche lo se"
    ),
    "Korean": "그 이 수 것 있는 및 등 또는 그리고 하는 있다 할 한 더 때 위해 대한 있습니다 합니다",
    "Norwegian": "og det er på til som en av for at ikke de med har den et var jeg han om seg men ble så",
    "Persian": "و در به از که این را با است برای آن یک می تا بر خود های هم شود او بود شده یا ما کرد",
    "Polish": (
        "na się nie do to jest że za od jak po co ale tak są dla przez ze jego czy być był było tym lub oraz"
    ),
    "Portuguese": (
        "de que do da em um para com não uma os no se na por mais as dos como mas ao ele das à seu sua ou ser"
    ),
    "Romanian": (
        "și de la în nu cu pe că un să este din care mai au pentru fi se prin sau dar lui cel ca am ei"
    ),
    "Russian": (
        "не на что он как это по но они из за то от же так его для вы было бы мы или все если только "
        "при до уже ни"
    ),
    "Spanish": (
        "de que la el en los se del las un por con no una su para es al lo como más pero sus le ya "
        "fue este sin sobre ser son entre cuando está muy era si"
    ),
    "Swedish": (
        "och att det som en på är av för med den till inte om ett han har de var jag men så sig från vi kan"
    ),
    "Turkish": (
        "bir ve bu da de için ile çok ne daha gibi olarak kadar olan ama değil sonra her var ki ya mi en"
    ),
    "Ukrainian": (
        "не на що та як це за до але від він по або для його вони які при із був вона бути так ще же якщо"
    ),
    "Vietnamese": (
        "và của là có được cho không các trong một người đã những với để này khi đến từ như về cũng ra"
    ),
}

FUNCTION_WORDS: Final = frozenset(
    word for words in _BY_LANGUAGE.values() for word in words.split() if len(word) > 1
)
"""All of them, in lower case."""
