/* Scans one attempt record: checks all of its JSON and keeps what grouping needs.
 *
 * What is kept is a short record, which the typed decoder of Python then checks: known fields as
 * they are spelled, `{}` for objects whose content is free, stand-ins for the document and the
 * trace. Which fields there are is not said here: Python gives a table.
 */
#ifndef BOTCOIN_DPO_RECORD_SCANNER_H
#define BOTCOIN_DPO_RECORD_SCANNER_H

#include "json_reader.h"

/* What becomes of a field. */
typedef enum {
    KEEP,     /* kept as it is spelled */
    FREE,     /* an object or null; kept as `{}` or `null` */
    OBJECT,   /* an object with a table of its own, or null */
    DOCUMENT, /* a string that is not empty; kept as a stand-in */
    TEXTS,    /* kept, and looked at for unsafe text with the document */
    TRACE,    /* an array of objects; kept as `[]` */
    ACTIONS   /* how many there are */
} Action;

enum { MOST_FIELDS = 64, MOST_OBJECTS = 8, LONGEST_NAME = 63, SLOTS = 256 };

typedef struct {
    Byte name[LONGEST_NAME];
    unsigned char length;
    Action action;
    unsigned char object; /* of OBJECT, the number of its table */
} Field;

/* The known fields of one object. `slots` finds them by their names: number + 1, or 0. */
typedef struct {
    Field fields[MOST_FIELDS];
    size_t count;
    unsigned char slots[SLOTS];
} ObjectTable;

/* The objects of a record; the first one is the record itself. Starts as zeros. */
typedef struct {
    ObjectTable objects[MOST_OBJECTS];
} RecordTable;

/* Adds a field; returns false if it does not fit or is there already. */
bool add_field(RecordTable *table, size_t object, Span name, Action action, size_t inner);

/* What is known of a record that is beyond doubt. */
typedef struct {
    Byte *kept; /* room for as many bytes as the record has */
    size_t size;
    Span document; /* with its quotes; empty if there is none */
    Span trace;
    bool is_prompt_plain; /* no unsafe text in the document, questions and constraints */
    bool is_trace_plain;
} ScannedRecord;

/* Scans a record; returns false if the exact way must decide. `kept` has `room` bytes. */
bool scan_record(const RecordTable *table, Span raw, Byte *kept, size_t room,
                 ScannedRecord *scanned);

#endif
