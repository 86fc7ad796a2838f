"""Warnings, recalls, outages, apologies, legal and health notices: said as they are."""

from __future__ import annotations

import re

from writer.phrases import Phrases

_NOTICE = re.compile(
    r"(?:^|[.!?]\s+)(?:recall\b|(?:warning|caution|alert|notice|urgent|"
    r"rückruf|warnung)\s*[:!–—-])|"
    r"\b(?:product|safety|voluntary|urgent|food) recall|"
    r"\brecalls?(?:ed|ing)? (?:of|notice|our|all)\b|"
    r"\b(?:is|are|we're|we are|been|being) recall(?:ed|ing)\b|"
    r"\b(?:safety|health|weather|storm|flood|security|scam|fraud|allergy|public|legal)"
    r" (?:warning|alert|notice|advisory)s?\b|\bcatch(?:es)? fire\b|\bcaught fire\b|"
    r"\b(?:fire|choking|safety|health) (?:hazard|risk)s?\b|"
    r"\brisk of (?:fire|injury|burns|choking|electric)|"
    r"\bstop using (?:it|this|them|your|the|our)\b|"
    r"\bdo not (?:use|eat|drink|consume) (?:it|this|them|the|any|our)\b|"
    r"\boutages?\b|\bdowntime\b|\bservice (?:disruption|interruption)|"
    r"\b(?:site|website|app|servers?|services?|systems?|platform|network|checkout|payments?|shop) "
    r"(?:is|are|was|were|went) (?:\w+ )?(?:down|offline|unavailable)\b|"
    r"\bdata breach|\bsecurity incident|\b(?:scheduled|planned|emergency) maintenance\b|"
    r"\buntil further notice\b|\bapologi[sz]e\b|\bapolog(?:y|ies)\b|"
    r"\bsorry (?:for|about|that|to)\b|"
    r"\b(?:we're|we are|i'm|i am) (?:\w+ ){0,2}sorry\b|"
    r"\bfood poisoning\b|\bsalmonella\b|\blisteria\b|\be\. ?coli\b|\bundeclared\b|\bcontaminat|"
    r"\bside effects?\b|\boutbreak\b|\bboil (?:\w+ )?water\b|\bevacuat|\blawsuit\b|"
    r"\bcourt (?:order|ruling)|\bterms (?:of service|and conditions)\b|\bprivacy policy\b|"
    r"\bcease and desist\b|\bclass action\b|\bphishing\b|\blay-?offs\b|\bbankruptcy\b|"
    r"\binsolvency\b|\bwir entschuldigen\b|\brückrufaktion\b|\brappel (?:de|du) produit",
    re.IGNORECASE,
)
_NOTHING = ("",)
OF_NOTICES = Phrases(
    emoji="",
    tags=(),
    hooks=_NOTHING,
    thoughts=_NOTHING,
    angles=_NOTHING,
    lessons=_NOTHING,
    questions=_NOTHING,
    pin="",
)


def is_notice(theme: str) -> bool:
    return bool(_NOTICE.search(theme.replace("’", "'")))
