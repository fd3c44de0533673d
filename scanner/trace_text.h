/* Writes the text of a trace, one line a step: schemas/README.md, "Trace text".
 *
 * botcoin_dpo/contract/trace_text.py defines it. True is said only of traces whose values stand in
 * their lines as they are spelled, which most do: no line break in a string, no list or object as a
 * value, no number that is printed differently. */
#ifndef BOTCOIN_DPO_TRACE_TEXT_H
#define BOTCOIN_DPO_TRACE_TEXT_H

#include "json_reader.h"

typedef struct {
    Byte *bytes;
    size_t size, room;
} Text;

/* Appends the text of a trace, as UTF-8; returns false if the exact way must decide. */
bool write_trace_text(Span trace, Text *text);

#endif
