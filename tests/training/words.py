"""Word lists by language, of the package wordfreq."""

from __future__ import annotations

from tests.training.texts import FOREIGN_LANGUAGES, LATIN_LANGUAGES

COUNT = 30_000


def word_lists() -> dict[str, list[str]]:
    """The most frequent words of each language, the most frequent first."""
    import wordfreq

    listed = {}
    for language in (*LATIN_LANGUAGES, *FOREIGN_LANGUAGES):
        name = "sh" if language == "hr" else language
        if name in ("zh", "ja", "ko"):
            # Frequencies of these are kept by character; cutting sentences would need more packages.
            listed[language] = list(wordfreq.get_frequency_dict(name, "small"))[:COUNT]
        else:
            listed[language] = wordfreq.top_n_list(name, COUNT, "small")
    return listed
