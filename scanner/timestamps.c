#include "timestamps.h"

/* What is left of a timestamp. */
typedef Reader Rest;

/* Reads a number of exactly so many digits, and what must follow it unless that is 0. */
static bool read_digits(Rest *rest, int count, Byte follows, int *number) {
    *number = 0;
    for (int i = 0; i < count; i++) {
        if (rest->at == rest->end || *rest->at < '0' || *rest->at > '9') return false;
        *number = *number * 10 + (*rest->at++ - '0');
    }
    return follows == 0 || take(rest, follows);
}

/* Reads a fraction of a second, if there is one; what is finer than a millisecond is cut off. */
static bool read_fraction(Rest *rest, int *milliseconds) {
    *milliseconds = 0;
    if (!take(rest, '.')) return true;
    int digits = 0;
    for (; rest->at < rest->end && *rest->at >= '0' && *rest->at <= '9'; rest->at++, digits++)
        if (digits < 3) *milliseconds = *milliseconds * 10 + (*rest->at - '0');
    for (int missing = digits; missing < 3; missing++) *milliseconds *= 10;
    return digits > 0;
}

/* Reads `Z`, or an offset from it in minutes. */
static bool read_offset(Rest *rest, int *minutes) {
    *minutes = 0;
    if (take(rest, 'Z')) return true;
    bool is_east = take(rest, '+');
    if (!is_east && !take(rest, '-')) return false;
    int hours, more;
    if (!read_digits(rest, 2, ':', &hours) || !read_digits(rest, 2, 0, &more)) return false;
    *minutes = (hours * 60 + more) * (is_east ? 1 : -1);
    return hours <= 23 && more <= 59;
}

static bool is_leap_year(int year) {
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Returns the days from the epoch to the start of a year. */
static int64_t days_before_year(int year) {
    int before = year - 1;
    return (int64_t)before * 365 + before / 4 - before / 100 + before / 400 - 719162;
}

/* Sets the days from the epoch; returns false if there is no such date. */
static bool read_date(Rest *rest, int64_t *days) {
    static const int LENGTHS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year, month, day;
    if (!read_digits(rest, 4, '-', &year) || !read_digits(rest, 2, '-', &month) ||
        !read_digits(rest, 2, 'T', &day))
        return false;
    if (year < 1 || month < 1 || month > 12 || day < 1) return false;
    int length = LENGTHS[month - 1] + (month == 2 && is_leap_year(year) ? 1 : 0);
    *days = days_before_year(year) + day - 1;
    for (int before = 0; before < month - 1; before++)
        *days += LENGTHS[before] + (before == 1 && is_leap_year(year) ? 1 : 0);
    return day <= length;
}

bool read_timestamp(Span text, int64_t *milliseconds) {
    Rest rest = {text.start, text.end, 0, 0, 0, 0};
    int64_t days;
    int hour, minute, second, fraction, offset;
    if (!read_date(&rest, &days) || !read_digits(&rest, 2, ':', &hour) ||
        !read_digits(&rest, 2, ':', &minute) || !read_digits(&rest, 2, 0, &second) ||
        !read_fraction(&rest, &fraction) || !read_offset(&rest, &offset) || rest.at != rest.end)
        return false;
    int64_t minutes = (days * 24 + hour) * 60 + minute - offset;
    *milliseconds = (minutes * 60 + second) * 1000 + fraction;
    return hour <= 23 && minute <= 59 && second <= 59;
}
