/* Reads values of simple types within the bounds that the table has for them. */
#ifndef BOTCOIN_DPO_TYPED_VALUES_H
#define BOTCOIN_DPO_TYPED_VALUES_H

#include "record_table.h"

/* What stood under a field. */
typedef struct {
    bool is_given;    /* and not null */
    bool has_escapes; /* a text */
    Span json;        /* of a text, without its quotes */
    int64_t number;   /* of an integer; of a boolean 0 or 1 */
} Value;

/* Reads a value of a shape that holds no others. */
bool read_simple(Reader *reader, const Field *field, Value *value);

/* Reads an integer within the bounds of a field. */
bool read_bounded(Reader *reader, const Field *field, int64_t *number);

#endif
