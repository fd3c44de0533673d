/* Tells text in which no token of schemas/README.md, "Hostile text", can be; see unsafe_text.py. */
#ifndef BOTCOIN_DPO_PLAIN_TEXT_H
#define BOTCOIN_DPO_PLAIN_TEXT_H

#include "json_reader.h"

/* Returns whether JSON that was read, with no risky escape in it, spells no token in any string.
 * Every token has a `<`, or ends in a bracket directly behind a `t`. */
bool is_plain(Span json);

/* Returns whether a line or paragraph separator (U+2028, U+2029) is in a text. */
bool has_line_separator(Span text);

/* Returns whether a text ends in `inst`, in any case. */
static inline bool ends_in_instruction(Span text) {
    const Byte *end = text.end;
    return end - text.start >= 4 && (end[-4] | 0x20) == 'i' && (end[-3] | 0x20) == 'n' &&
           (end[-2] | 0x20) == 's' && (end[-1] | 0x20) == 't';
}

/* Returns whether a text is made of ASCII letters, digits, `_` and `-` alone. */
bool is_word(Span text);

#endif
