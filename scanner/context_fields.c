#include "plain_text.h"
#include "scan.h"

/* Notes whether a document or texts beside it are plain; what is not may still be safe. */
static void look_at_prompt(Scan *scan, Span json, size_t risky_escapes_before) {
    if (scan->reader.risky_escapes != risky_escapes_before || !is_plain(json))
        scan->attempt->is_prompt_plain = false;
}

bool read_document(Scan *scan, const Field *field, Value *value) {
    size_t risky_escapes = scan->reader.risky_escapes;
    const Byte *start = scan->reader.at;
    if (!read_simple(&scan->reader, field, value)) return false;
    value->json = (Span){start, scan->reader.at}; /* with its quotes */
    look_at_prompt(scan, value->json, risky_escapes);
    return true;
}

/* Returns whether an ASCII character may be spelled by its code there, in a text that was read. */
static bool is_coded_ascii(const Byte *at) {
    return at[0] == '\\' && at[1] == 'u' && at[2] == '0' && at[3] == '0';
}

/* Sets whether a text is advice; returns false if it might spell the word by codes. */
static bool tell_tip(Span text, bool *is_tip) {
    static const char TIP[] = "Tip:"; /* as in outcomes.py */
    size_t same = 0, size = sizeof TIP - 1;
    while (same < size && same < length_of(text) && text.start[same] == (Byte)TIP[same]) same++;
    *is_tip = same == size;
    return *is_tip || same == length_of(text) || !is_coded_ascii(text.start + same);
}

/* Reads a list of texts; sets their number, and how many bytes they have with their quotes. */
static bool read_list_of_texts(Reader *reader, Constraints *texts, size_t *size) {
    bool has_item, is_tip;
    *texts = (Constraints){0, 0};
    *size = 0;
    if (!open_items(reader, '[', ']', &has_item)) return false;
    while (has_item) {
        Span text;
        if (!read_string(reader, &text) || !tell_tip(text, &is_tip)) return false;
        texts->count++;
        if (!is_tip) texts->not_tips++;
        *size += length_of(text) + 2;
        if (!next_item(reader, ']', &has_item)) return false;
    }
    return true;
}

/* Texts are digested as msgspec spells them: no spaces between them, and no character by its code
 * or escaped without need. */
bool read_texts(Scan *scan, const Field *field, Value *value) {
    Reader *reader = &scan->reader;
    Reader before = *reader;
    Constraints texts;
    size_t size;
    if (!read_list_of_texts(reader, &texts, &size)) return false;
    value->json = (Span){before.at, reader->at};
    look_at_prompt(scan, value->json, before.risky_escapes);
    size_t commas = texts.count > 0 ? texts.count - 1 : 0;
    if (length_of(value->json) != size + commas + 2 ||
        reader->risky_escapes != before.risky_escapes ||
        reader->code_escapes != before.code_escapes)
        scan->attempt->are_texts_compact = false;
    if (field->use == CONSTRAINTS) scan->constraints = texts;
    return true;
}
