"""Sentences about TDMRep: tdmrep.json, what carries the work, the order of the steps, policies."""

from __future__ import annotations

from typing import Final

EN: Final = {
    "tdmrep.too-large": "tdmrep.json has {size} bytes; up to {limit} bytes are read",
    "tdmrep.too-deep": "tdmrep.json is nested more than {limit} levels deep; it was not read",
    "tdmrep.empty": "tdmrep.json is empty",
    "tdmrep.a-page": "a web page stands where tdmrep.json should be; it says nothing",
    "tdmrep.not-json": "tdmrep.json is not JSON ({message}); what stands there is not known",
    "tdmrep.not-an-array": (
        "tdmrep.json is not an array of rules; the specification wants the brackets even around one rule"
    ),
    "tdmrep.too-many-rules": "tdmrep.json has more than {limit} rules; the others were not read",
    "tdmrep.rule-form": "rule {where} is not an object",
    "tdmrep.repeated-name": (
        "the name in {where} stands twice in its rule; readers differ on which one counts"
    ),
    "tdmrep.location-missing": "rule {where} has no location, which is mandatory",
    "tdmrep.location-form": "{where} is “{value}”; a pattern for paths is accepted, which begins with / or *",
    "tdmrep.reservation-missing": "rule {where} has no tdm-reservation, which is mandatory",
    "tdmrep.reservation-text": (
        "{where} is the text “{value}”; the numbers 1 and 0 are accepted, so it counts as not said "
        "(some tools read it as a number)"
    ),
    "tdmrep.reservation-value": (
        "{where} is “{value}”; the numbers 1 and 0 are accepted, so it counts as not said"
    ),
    "tdmrep.policy-form": "{where} is “{value}”; an absolute http or https address is accepted",
    "tdmrep.unknown-property": "{where} is none of location, tdm-reservation and tdm-policy",
    "tdmrep.first-or-longest": (
        "two rules match: the first in sequence, {first} (says {first_says}), and the longest, "
        "{longest} (says {longest_says}); the specification names both as the one that stands, and "
        "the more restrictive is taken"
    ),
    "tdmrep.value": (
        "tdm-reservation is “{value}” ({technique}); 1 and 0 are accepted, so it counts as not said"
    ),
    "tdmrep.repeated": (
        "tdm-reservation stands several times ({technique}): {values}; the most restrictive is taken"
    ),
    "tdmrep.policies": "there are several policies ({technique}): {values}; the first is named",
    "tdmrep.policy-alone": (
        "there is a policy without a reservation ({technique}): {value}; by itself it reserves nothing"
    ),
    "tdmrep.policy-without-use": (
        "there is a policy beside the value 0 ({technique}): {value}; it is not to be followed"
    ),
    "tdmrep.policy-unusable": (
        "the policy “{value}” ({technique}) is no http or https address; the reservation stands without it"
    ),
    "tdmrep.policy-relative": "the policy “{value}” ({technique}) is not absolute; it was taken as {address}",
    "tdmrep.near-name": (
        "{name} ({technique}, “{value}”) is no name of the specification; it may have been meant as a "
        "reservation"
    ),
    "tdmrep.page-cut": "the page has more metas than are read; a reservation may stand among the others",
    "tdmrep.namespace": (
        "the namespace is {namespace} ({technique}); the specification wants {wanted} here; both are read"
    ),
    "tdmrep.xmp-outside-pdf": (
        "the specification provides for XMP in PDF only; it is read here in the same way"
    ),
    "tdmrep.loosened": (
        "{later} ({later_technique}: {later_says}) comes after {earlier} ({earlier_technique}: "
        "{earlier_says}) and loosens it; by the specification the later step stands"
    ),
    "tdmrep.tightened": (
        "{later} ({later_technique}: {later_says}) comes after {earlier} ({earlier_technique}: "
        "{earlier_says}) and stands"
    ),
    "tdmrep.same-step": (
        "{later} ({later_technique}: {later_says}) and {earlier} ({earlier_technique}: "
        "{earlier_says}) differ at the same step; the more restrictive is taken"
    ),
    "tdmrep.policy-kept": (
        "the policy of {earlier} ({earlier_technique}), {terms}, goes with the reservation of {later} "
        "({later_technique}): each value stands until another step changes it"
    ),
    "tdmrep.policy.not-json": "the policy is not JSON ({message})",
    "tdmrep.policy.too-large": "the policy has {size} bytes; up to {limit} bytes are read",
    "tdmrep.policy.too-deep": "the policy is nested more than {limit} levels deep; it was not read",
    "tdmrep.policy.empty": "the policy is empty",
    "tdmrep.policy.a-page": "the policy is a web page, which people can read and programs cannot",
    "tdmrep.policy.not-an-object": "the policy is not an object",
    "tdmrep.policy.repeated-name": "the name {where} stands twice in the policy",
    "tdmrep.policy.context": (
        "{where} is “{value}”; the array of http://www.w3.org/ns/odrl.jsonld and "
        "http://www.w3.org/ns/tdmrep.jsonld is accepted"
    ),
    "tdmrep.policy.type": "{where} is “{value}”; Offer is accepted",
    "tdmrep.policy.profile": "{where} is “{value}”; http://www.w3.org/ns/tdmrep is accepted",
    "tdmrep.policy.uid": "{where} is “{value}”; a URI is accepted",
    "tdmrep.policy.assigner-form": "{where} is “{value}”; one object is accepted",
    "tdmrep.policy.assigner-name": "{where} is “{value}”; a text is accepted",
    "tdmrep.policy.assigner-nickname": "{where} is “{value}”; a text is accepted",
    "tdmrep.policy.assigner-email": "{where} is “{value}”; a URI that begins with mailto: is accepted",
    "tdmrep.policy.assigner-telephone": "{where} is “{value}”; a URI that begins with tel: is accepted",
    "tdmrep.policy.assigner-url": "{where} is “{value}”; an absolute http or https address is accepted",
    "tdmrep.policy.assigner-property": "{where} is none of the vCard properties that the profile admits",
    "tdmrep.policy.address-form": (
        "{where} is “{value}”; texts for street-address, postal-code, locality and country-name are accepted"
    ),
    "tdmrep.policy.permission-form": "{where} is “{value}”; an array of objects is accepted",
    "tdmrep.policy.action": "{where} is “{value}”; tdm:mine is accepted",
    "tdmrep.policy.target": "{where} is “{value}”; a URI is accepted",
    "tdmrep.policy.duty": "{where} is “{value}”; an action obtainConsent or compensate is accepted",
    "tdmrep.policy.constraint": (
        "{where} is “{value}”; a purpose eq tdm:research or tdm:non-research is accepted"
    ),
    "tdmrep.policy.not-an-array": "{where} is “{value}”; an array is accepted",
    "tdmrep.policy.should-not": "the policy has {where} (“{value}”), which a TDM policy should not have",
}
FR: Final = {
    "tdmrep.too-large": "tdmrep.json fait {size} octets\u202f; jusqu’à {limit} octets sont lus",
    "tdmrep.too-deep": "tdmrep.json a plus de {limit} niveaux d’imbrication\u202f; il n’a pas été lu",
    "tdmrep.empty": "tdmrep.json est vide",
    "tdmrep.a-page": "une page web se trouve à la place de tdmrep.json\u202f; elle ne dit rien",
    "tdmrep.not-json": "tdmrep.json n’est pas du JSON ({message})\u202f; son contenu n’est pas connu",
    "tdmrep.not-an-array": (
        "tdmrep.json n’est pas un tableau de règles\u202f; la spécification exige les crochets, même "
        "autour d’une seule règle"
    ),
    "tdmrep.too-many-rules": "tdmrep.json a plus de {limit} règles\u202f; les autres n’ont pas été lues",
    "tdmrep.rule-form": "la règle {where} n’est pas un objet",
    "tdmrep.repeated-name": (
        "le nom de {where} figure deux fois dans sa règle\u202f; tous ne retiennent pas le même"
    ),
    "tdmrep.location-missing": "la règle {where} n’a pas de location, qui est obligatoire",
    "tdmrep.location-form": (
        "{where} vaut «\u00a0{value}\u00a0»\u202f; est accepté un motif de chemin, qui commence par / ou *"
    ),
    "tdmrep.reservation-missing": "la règle {where} n’a pas de tdm-reservation, qui est obligatoire",
    "tdmrep.reservation-text": (
        "{where} est le texte «\u00a0{value}\u00a0»\u202f; les nombres 1 et 0 sont acceptés, et rien "
        "n’est donc dit (certains outils le lisent comme un nombre)"
    ),
    "tdmrep.reservation-value": (
        "{where} vaut «\u00a0{value}\u00a0»\u202f; les nombres 1 et 0 sont acceptés, et rien n’est donc dit"
    ),
    "tdmrep.policy-form": (
        "{where} vaut «\u00a0{value}\u00a0»\u202f; une adresse http ou https absolue est acceptée"
    ),
    "tdmrep.unknown-property": "{where} n’est ni location, ni tdm-reservation, ni tdm-policy",
    "tdmrep.first-or-longest": (
        "deux règles conviennent\u00a0: la première dans l’ordre, {first} (qui dit {first_says}), et "
        "la plus longue, {longest} (qui dit {longest_says})\u202f; la spécification désigne l’une et "
        "l’autre, et la plus restrictive est retenue"
    ),
    "tdmrep.value": (
        "tdm-reservation vaut «\u00a0{value}\u00a0» ({technique})\u202f; 1 et 0 sont acceptés, et "
        "rien n’est donc dit"
    ),
    "tdmrep.repeated": (
        "tdm-reservation figure plusieurs fois ({technique})\u00a0: {values}\u202f; la valeur la plus "
        "restrictive est retenue"
    ),
    "tdmrep.policies": (
        "il y a plusieurs politiques ({technique})\u00a0: {values}\u202f; la première est citée"
    ),
    "tdmrep.policy-alone": (
        "il y a une politique sans réserve ({technique})\u00a0: {value}\u202f; à elle seule, elle ne "
        "réserve rien"
    ),
    "tdmrep.policy-without-use": (
        "il y a une politique à côté de la valeur 0 ({technique})\u00a0: {value}\u202f; elle n’est "
        "pas à suivre"
    ),
    "tdmrep.policy-unusable": (
        "la politique «\u00a0{value}\u00a0» ({technique}) n’est pas une adresse http ou https\u202f; "
        "la réserve tient sans elle"
    ),
    "tdmrep.policy-relative": (
        "la politique «\u00a0{value}\u00a0» ({technique}) n’est pas absolue\u202f; elle a été lue "
        "comme {address}"
    ),
    "tdmrep.near-name": (
        "{name} ({technique}, «\u00a0{value}\u00a0») n’est pas un nom de la spécification\u202f; une "
        "réserve a pu être voulue"
    ),
    "tdmrep.page-cut": (
        "la page a plus de balises meta qu’il n’en est lu\u202f; une réserve peut figurer parmi les autres"
    ),
    "tdmrep.namespace": (
        "l’espace de noms est {namespace} ({technique})\u202f; la spécification veut ici "
        "{wanted}\u202f; les deux sont lus"
    ),
    "tdmrep.xmp-outside-pdf": (
        "la spécification ne prévoit XMP que dans un PDF\u202f; il est lu ici de la même façon"
    ),
    "tdmrep.loosened": (
        "{later} ({later_technique}\u00a0: {later_says}) vient après {earlier} "
        "({earlier_technique}\u00a0: {earlier_says}) et l’assouplit\u202f; selon la spécification, "
        "l’étape la plus tardive l’emporte"
    ),
    "tdmrep.tightened": (
        "{later} ({later_technique}\u00a0: {later_says}) vient après {earlier} "
        "({earlier_technique}\u00a0: {earlier_says}) et l’emporte"
    ),
    "tdmrep.same-step": (
        "{later} ({later_technique}\u00a0: {later_says}) et {earlier} ({earlier_technique}\u00a0: "
        "{earlier_says}) se contredisent à la même étape\u202f; la réponse la plus restrictive est "
        "retenue"
    ),
    "tdmrep.policy-kept": (
        "la politique de {earlier} ({earlier_technique}), {terms}, accompagne la réserve de {later} "
        "({later_technique})\u00a0: chaque valeur tient jusqu’à ce qu’une autre étape la change"
    ),
    "tdmrep.policy.not-json": "la politique n’est pas du JSON ({message})",
    "tdmrep.policy.too-large": "la politique fait {size} octets\u202f; jusqu’à {limit} octets sont lus",
    "tdmrep.policy.too-deep": "la politique a plus de {limit} niveaux d’imbrication\u202f; elle n’a pas été lue",
    "tdmrep.policy.empty": "la politique est vide",
    "tdmrep.policy.a-page": (
        "la politique est une page web, que des personnes peuvent lire, mais non des programmes"
    ),
    "tdmrep.policy.not-an-object": "la politique n’est pas un objet",
    "tdmrep.policy.repeated-name": "le nom {where} figure deux fois dans la politique",
    "tdmrep.policy.context": (
        "{where} vaut «\u00a0{value}\u00a0»\u202f; le tableau de http://www.w3.org/ns/odrl.jsonld et "
        "http://www.w3.org/ns/tdmrep.jsonld est accepté"
    ),
    "tdmrep.policy.type": "{where} vaut «\u00a0{value}\u00a0»\u202f; Offer est accepté",
    "tdmrep.policy.profile": (
        "{where} vaut «\u00a0{value}\u00a0»\u202f; http://www.w3.org/ns/tdmrep est accepté"
    ),
    "tdmrep.policy.uid": "{where} vaut «\u00a0{value}\u00a0»\u202f; un URI est accepté",
    "tdmrep.policy.assigner-form": "{where} vaut «\u00a0{value}\u00a0»\u202f; un seul objet est accepté",
    "tdmrep.policy.assigner-name": "{where} vaut «\u00a0{value}\u00a0»\u202f; un texte est accepté",
    "tdmrep.policy.assigner-nickname": "{where} vaut «\u00a0{value}\u00a0»\u202f; un texte est accepté",
    "tdmrep.policy.assigner-email": (
        "{where} vaut «\u00a0{value}\u00a0»\u202f; un URI qui commence par mailto: est accepté"
    ),
    "tdmrep.policy.assigner-telephone": (
        "{where} vaut «\u00a0{value}\u00a0»\u202f; un URI qui commence par tel: est accepté"
    ),
    "tdmrep.policy.assigner-url": (
        "{where} vaut «\u00a0{value}\u00a0»\u202f; une adresse http ou https absolue est acceptée"
    ),
    "tdmrep.policy.assigner-property": "{where} n’est pas une propriété vCard que le profil admette",
    "tdmrep.policy.address-form": (
        "{where} vaut «\u00a0{value}\u00a0»\u202f; des textes pour street-address, postal-code, "
        "locality et country-name sont acceptés"
    ),
    "tdmrep.policy.permission-form": (
        "{where} vaut «\u00a0{value}\u00a0»\u202f; un tableau d’objets est accepté"
    ),
    "tdmrep.policy.action": "{where} vaut «\u00a0{value}\u00a0»\u202f; tdm:mine est accepté",
    "tdmrep.policy.target": "{where} vaut «\u00a0{value}\u00a0»\u202f; un URI est accepté",
    "tdmrep.policy.duty": (
        "{where} vaut «\u00a0{value}\u00a0»\u202f; une action obtainConsent ou compensate est acceptée"
    ),
    "tdmrep.policy.constraint": (
        "{where} vaut «\u00a0{value}\u00a0»\u202f; une contrainte purpose eq tdm:research ou "
        "tdm:non-research est acceptée"
    ),
    "tdmrep.policy.not-an-array": "{where} vaut «\u00a0{value}\u00a0»\u202f; un tableau est accepté",
    "tdmrep.policy.should-not": (
        "la politique a {where} («\u00a0{value}\u00a0»), qu’une politique TDM ne devrait pas avoir"
    ),
}
