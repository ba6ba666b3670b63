"""The words that tell tasks, models and languages in a claim."""

from __future__ import annotations

TASKS: dict[str, str] = {
    "pos": r"\bPOS\b|part[- ]of[- ]speech",
    "ner": r"\bNER\b|named[- ]entit(?:y|ies)|\bPAN-?X\b|wikiann",
    "xnli": r"\bXNLI\b|\bNLI\b|natural[- ]language inference|textual entailment",
    "pawsx": r"\bPAWS(?:-?X)?\b|paraphrase",
    "lid": r"\bLID\b|language identification",
    "retrieval": r"sentence retrieval|\bTatoeba\b|\bBUCC\b|bitext",
    "question_answering": r"question answering|\bXQuAD\b|\bMLQA\b|\bTyDi ?QA\b",
    "parsing": r"dependency parsing|dependency trees?|syntactic parsing",
    "sentiment": r"sentiment",
    "translation": r"machine translation",
    "summarization": r"summari[sz]ation",
    "code_switching": r"code[- ](?:switch|mix)(?:ed|ing)?",
}
"""Names as in the claims where a task of that name exists; patterns ignore case."""

MODELS: dict[str, str] = {
    "mBERT": r"\bm-?BERT\b|[Mm]ultilingual BERT\b",
    "XLM-R": r"\bXLM-?R(?:o?BERTa)?\b",
    "XLM": r"\bXLM\b(?!-?R)",
    "mDeBERTa": r"\bmDeBERTa\b",
    "mBART": r"\bmBART(?:-?50)?\b",
    "mT5": r"\bmT5\b",
    "NLLB": r"\bNLLB(?:-200)?\b",
    "RoBERTa": r"(?<!-)\bRoBERTa\b",
    "ResBERT": r"\bResBERT\b",
    "BERT": r"(?<![Mm]ultilingual )(?<![-\w])BERT\b",
}

LANGUAGES: dict[str, str] = {
    "af": "Afrikaans", "am": "Amharic", "ar": "Arabic", "az": "Azerbaijani", "be": "Belarusian",
    "bg": "Bulgarian", "bn": "Bengali", "br": "Breton", "ca": "Catalan", "cs": "Czech",
    "cy": "Welsh", "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish",
    "et": "Estonian", "eu": "Basque", "fa": "Persian", "fi": "Finnish", "fo": "Faroese",
    "fr": "French", "ga": "Irish", "gl": "Galician", "gu": "Gujarati", "ha": "Hausa",
    "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "hy": "Armenian",
    "id": "Indonesian", "ig": "Igbo", "is": "Icelandic", "it": "Italian", "ja": "Japanese",
    "jv": "Javanese", "ka": "Georgian", "kk": "Kazakh", "ko": "Korean", "lt": "Lithuanian",
    "lv": "Latvian", "ml": "Malayalam", "mr": "Marathi", "ms": "Malay", "mt": "Maltese",
    "my": "Burmese", "ne": "Nepali", "nl": "Dutch", "no": "Norwegian", "pa": "Punjabi",
    "pl": "Polish", "pt": "Portuguese", "qu": "Quechua", "ro": "Romanian", "ru": "Russian",
    "sk": "Slovak", "sl": "Slovenian", "so": "Somali", "sq": "Albanian", "sr": "Serbian",
    "sv": "Swedish", "sw": "Swahili", "ta": "Tamil", "te": "Telugu", "th": "Thai",
    "tl": "Tagalog", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "uz": "Uzbek",
    "vi": "Vietnamese", "wo": "Wolof", "xh": "Xhosa", "yo": "Yoruba", "zh": "Chinese",
    "zu": "Zulu",
}  # fmt: skip
"""Code -> the English name, which is written with a capital."""

NUMBER_WORDS: dict[str, str] = {
    "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "nine": "9", "ten": "10", "eleven": "11", "twelve": "12",
}  # fmt: skip
"""Without "one", which rarely counts anything ("one of the lower layers")."""
