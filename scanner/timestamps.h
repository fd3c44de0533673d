/* Reads RFC 3339 timestamps as botcoin_dpo/contract/timestamps.py does; leap seconds are left to it. */
#ifndef BOTCOIN_DPO_TIMESTAMPS_H
#define BOTCOIN_DPO_TIMESTAMPS_H

#include <stdint.h>

#include "json_reader.h"

/* Sets milliseconds since the epoch; returns false if the exact way must decide. */
bool read_timestamp(Span text, int64_t *milliseconds);

#endif
