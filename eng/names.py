#!/usr/bin/env python3
"""Writes src/Sockeye.Hub/Domain/Names/characters.txt: what the names of the chat need to know of Unicode.

.NET has no Unicode data of its own without ICU, and the program runs without ICU, so this comes from Python's, whose version the file names:

  decompositions  "XXXX Y Y" a letter, digit or mark, folded in case and taken apart for compatibility (NFKD), if that is not itself
  scripts         "XXXX YYYY NAME" the script of the letters and decimal digits in a range, as their names' first words tell it

Run it after Python has a newer Unicode; the tests say what has changed.
"""

import pathlib
import unicodedata

TARGET = pathlib.Path(__file__).parent.parent / "src/Sockeye.Hub/Domain/Names/characters.txt"

# First words of names that are no scripts: digits, marks, letters of notations.
COMMON = {"DIGIT", "COMBINING", "MODIFIER", "SUPERSCRIPT", "SUBSCRIPT", "DOUBLE-STRUCK", "SCRIPT", "VARIATION", "VERTICAL", "IDEOGRAPHIC",
          "MASCULINE", "FEMININE", "MICRO", "TURNED", "KELVIN", "ANGSTROM", "OHM"}
SAME = {"CJK": "HAN", "HANGZHOU": "HAN", "HENTAIGANA": "HIRAGANA", "KATAKANA-HIRAGANA": "KATAKANA", "ARABIC-INDIC": "ARABIC", "EXTENDED": "ARABIC"}


def is_wanted(point):
    return not 0xD800 <= point <= 0xDFFF and unicodedata.category(chr(point))[0] in "LMN"


def apart(character):
    once = unicodedata.normalize("NFKD", character.casefold())
    return unicodedata.normalize("NFKD", once.casefold())


def decompositions():
    for point in filter(is_wanted, range(0x110000)):
        if 0xAC00 <= point <= 0xD7A3:
            continue  # Hangul syllables stay whole: the letters they are made of cannot be in a name.
        parts = apart(chr(point))
        if parts != chr(point):
            yield f"{point:X} " + " ".join(f"{ord(part):X}" for part in parts)


def scripts():
    first = last = name = None
    for point in filter(is_wanted, range(0x110000)):
        character = chr(point)
        if unicodedata.category(character) not in ("Lu", "Ll", "Lt", "Lm", "Lo", "Nd") or apart(character) != character and not 0xAC00 <= point <= 0xD7A3:
            continue
        word = unicodedata.name(character, "").split(" ")[0]
        script = SAME.get(word, word)
        if not script or script in COMMON:
            script = None
        if script == name:
            last = point
            continue
        if name:
            yield f"{first:X} {last:X} {name}"
        first = last = point
        name = script
    if name:
        yield f"{first:X} {last:X} {name}"


def main():
    lines = [f"# Unicode {unicodedata.unidata_version}; made by eng/names.py", "decompositions", *decompositions(), "scripts", *scripts()]
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text("\n".join(lines) + "\n", encoding="ascii")


main()
