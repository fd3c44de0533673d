/* Reads a reasoning trace, and looks for unsafe text in it and in the text that becomes of it. */
#ifndef BOTCOIN_DPO_TRACE_READER_H
#define BOTCOIN_DPO_TRACE_READER_H

#include "json_reader.h"

/* Reads a list of objects, and sets whether there is certainly no unsafe text in it. */
bool read_trace(Reader *reader, bool *is_plain);

#endif
