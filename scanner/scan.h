/* What the parts of the record scanner share. */
#ifndef BOTCOIN_DPO_SCAN_H
#define BOTCOIN_DPO_SCAN_H

#include "record_scanner.h"

/* The scan of one record. */
typedef struct {
    Reader reader;
    const RecordTable *table;
    SureAttempt *attempt;
    OutcomeFields fields;
    Constraints constraints; /* of its own context */
} Scan;

/* Reads an object by its table. */
bool read_known_object(Scan *scan, size_t number);

/* Of a context: reads its document, and its questions or constraints. */
bool read_document(Scan *scan, const Field *field, Value *value);
bool read_texts(Scan *scan, const Field *field, Value *value);

/* Of outcomes: reads a list of constraints, and the results of constraints. */
bool read_indices(Scan *scan, const Field *field);
bool read_results(Scan *scan, const Field *field);

/* Concludes what follows from all fields together; the constraints are shared ones, or NULL. */
bool conclude(Scan *scan, const Constraints *shared);

#endif
