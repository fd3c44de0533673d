/* The known fields of a record, which Python makes from the contract's types: see known_fields.py. */
#ifndef BOTCOIN_DPO_RECORD_TABLE_H
#define BOTCOIN_DPO_RECORD_TABLE_H

#include <stdint.h>

#include "json_reader.h"

/* What stands under a field. */
typedef enum {
    TEXT,
    BOOLEAN,
    INTEGER,
    NUMBER,
    INTEGER_OR_TEXT,
    OBJECT,       /* with a table of its own */
    FREE_OBJECT,  /* an object of any content */
    FREE_OBJECTS, /* a list of them */
    DOCUMENT,     /* a text that is not empty */
    TEXTS,        /* a list of texts, which are looked at with the document */
    INDICES,      /* a list of integers */
    RESULTS,      /* an object by index: of each null, or an object with a table of its own */
    TRACE,        /* a list of objects, which are looked at */
    SHAPES
} Shape;

/* What grouping needs a field for. */
typedef enum {
    UNUSED,
    RECORD_ID,
    CHALLENGE_ID,
    MINER_ID,
    OPERATOR,
    RIG,
    MODEL,
    MODEL_VERSION,
    MODEL_VERSION_IN_CAMEL_CASE,
    ATTEMPT_INDEX,
    PASSED,
    CREDIT_ELIGIBLE,
    ACCEPTANCE_PATH,
    SUBMISSION,
    ARTIFACT,
    CHALLENGE_SEED,
    CHALLENGE_DOMAIN,
    TRAP_METADATA,
    CHALLENGE_CONTEXT,
    CONTEXT_DOCUMENT,
    QUESTIONS,
    CONSTRAINTS,
    CONSTRAINT_TOTAL,
    CONSTRAINT_PASS_COUNT,
    CONSTRAINT_FAIL_COUNT,
    CONSTRAINTS_PASSED,
    CONSTRAINTS_FAILED,
    RESULT_PASSED, /* of one constraint */
    ATTEMPT_SUBMITTED_AT,
    TIMESTAMP,
    USES
} Use;

enum { MOST_FIELDS = 64, MOST_OBJECTS = 8, LONGEST_NAME = 63, SLOTS = 256 };

typedef struct {
    Byte name[LONGEST_NAME];
    unsigned char length;
    Shape shape;
    Use use;
    unsigned char object; /* of OBJECT and RESULTS, the number of the table */
    bool is_required, may_be_null, may_be_empty; /* empty is a text */
    int64_t minimum, maximum;                    /* of a number, or of those in a list */
} Field;

/* The known fields of one object. `slots` finds them by their names: number + 1, or 0. */
typedef struct {
    Field fields[MOST_FIELDS];
    size_t count;
    uint64_t required; /* a bit for each field that must be there */
    unsigned char slots[SLOTS];
} ObjectTable;

/* The objects of a record; the first one is the record itself. Starts as zeros. */
typedef struct {
    ObjectTable objects[MOST_OBJECTS];
} RecordTable;

/* Returns the shape of that name, or SHAPES. */
Shape find_shape(const char *name);

/* Returns the use of a field by the name that Python has for it; UNUSED for all other names. */
Use find_use(const char *name);

/* Adds a field, whose name is given beside it; returns false if it does not fit or is there. */
bool add_field(RecordTable *table, size_t object, Span name, const Field *field);

/* Returns the number of the field of that name, or MOST_FIELDS. */
size_t find_field(const ObjectTable *object, Span name);

#endif
