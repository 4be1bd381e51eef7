"""A small bottom-up chart parser: words become typed values by rules that are data (Duckling's design).

tokens_of(text)            words, figures and signs with their place in the text
Grammar(tables, ops)       rules, word lists and formats of a language, compiled once
Grammar.edges(text)        every value that can be read anywhere in the text
"""

from assistant.language.chart.grammar import Grammar, Op
from assistant.language.chart.parse import Edge, Value
from assistant.language.chart.tokens import Token, tokens_of

__all__ = ["Edge", "Grammar", "Op", "Token", "Value", "tokens_of"]
