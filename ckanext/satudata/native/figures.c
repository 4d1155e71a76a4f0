/* Columns of figures: what they tell of their notation, and their values.
 *
 * Indonesian notation groups thousands by points and has a decimal comma, English notation the
 * other way round; plain figures have no groups and a decimal point. A column in which some cell
 * is written otherwise is not read here but by the general reader.
 */
#include "table.h"

#include <math.h>
#include <string.h>

enum { MOST_DECIMALS = 100, LARGEST_POWER = 22, LONGEST = 400 };
static const int64_t EXACT = (int64_t)1 << 53;
static const double POWER[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                               1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                               1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

static inline int is_digit(char c) { return c >= '0' && c <= '9'; }

enum { POINT = 1, COMMA = 2 };

/* [+-]? [0-9] [0-9.,]* ; which separators there are is told, too, and which is the last. */
static int is_simple(Cell cell, int *separators, int *last) {
    Py_ssize_t at = cell.length && (*cell.text == '+' || *cell.text == '-');
    *separators = *last = 0;
    if (at >= cell.length || !is_digit(cell.text[at])) return 0;
    for (; at < cell.length; at++) {
        if (is_digit(cell.text[at])) continue;
        if (cell.text[at] != '.' && cell.text[at] != ',') return 0;
        *separators |= *last = cell.text[at] == '.' ? POINT : COMMA;
    }
    return 1;
}

typedef struct {
    int64_t digits; /* all digits as one number; -1 where it is too large for that */
    int behind, negative;
} Figure;

/* [+-]? ([1-9][0-9]{0,2} (group [0-9]{3})+ | [0-9]+) (point [0-9]+)? ; `group` 0: no groups. */
static int parse(Cell cell, char group, char point, Figure *out) {
    const char *at = cell.text, *end = at + cell.length;
    int run = 0, groups = 0;
    int64_t digits = 0;
    out->negative = at < end && *at == '-';
    if (at < end && (*at == '+' || *at == '-')) at++;
    const char *first = at;
    for (; at < end && *at != point; at++) {
        if (is_digit(*at)) {
            digits = digits > EXACT ? EXACT + 1 : digits * 10 + (*at - '0');
            run++;
        } else if (group && *at == group) {
            if (groups ? run != 3 : run < 1 || run > 3 || *first == '0') return 0;
            groups++, run = 0;
        } else {
            return 0;
        }
    }
    if (!run || (groups && run != 3)) return 0;
    out->behind = 0;
    if (at < end) {
        const char *from = ++at;
        for (; at < end; at++) {
            if (!is_digit(*at)) return 0;
            digits = digits > EXACT ? EXACT + 1 : digits * 10 + (*at - '0');
        }
        if (at == from) return 0;
        out->behind = (int)(at - from);
    }
    out->digits = digits > EXACT ? -1 : digits;
    return 1;
}

typedef struct {
    Py_ssize_t empty, indonesian, english, both;
    int separators, simple;
} Evidence;

static void collect(const Column *column, Py_ssize_t rows, uint8_t *missing, Evidence *out) {
    *out = (Evidence){0, -1, -1, -1, 0, 1};
    for (Py_ssize_t row = 0; row < rows; row++) {
        Cell cell = cell_at(column, row);
        Figure figure;
        int separators, last;
        missing[row] = !cell.length;
        if (!cell.length) {
            out->empty++;
            continue;
        }
        if (!is_simple(cell, &separators, &last)) {
            out->simple = 0;
            return;
        }
        if (!separators) continue;
        /* With both separators, the last one is the decimal one; a first example is enough. */
        if (separators == (POINT | COMMA) && (last == COMMA ? out->indonesian : out->english) >= 0)
            continue;
        int id = parse(cell, '.', ',', &figure), en = parse(cell, ',', '.', &figure);
        if (id && en) {
            if (out->both < 0) out->both = row;
            out->separators |= separators;
        } else if (id && out->indonesian < 0) {
            out->indonesian = row;
        } else if (en && out->english < 0) {
            out->english = row;
        }
    }
}

/* evidence(data, starts, width, column, first, missing): how many cells are empty, then the first
 * rows that are written in Indonesian notation only, in English notation only and in either, -1
 * where there is none, and the separators of the last kind (1: point, 2: comma). None where some
 * cell is no plain number. `missing` (uint8) gets 1 where a cell is empty; as many rows as it has
 * are looked at. */
PyObject *native_evidence(PyObject *self, PyObject *args) {
    Column column;
    Py_buffer missing;
    Evidence found = {0};
    (void)self;
    if (!column_parse(args, "y*y*nnnw*", &column, &missing, NULL, NULL)) return NULL;
    int fine = missing.len <= column.count || whole(&missing, 1, column.count, "missing");
    if (fine) {
        Py_BEGIN_ALLOW_THREADS
        collect(&column, missing.len, missing.buf, &found);
        Py_END_ALLOW_THREADS
    }
    PyBuffer_Release(&missing);
    column_release(&column);
    if (!fine) return NULL;
    if (!found.simple) Py_RETURN_NONE;
    return Py_BuildValue("nnnni", found.empty, found.indonesian, found.english, found.both,
                         found.separators);
}

/* Digits that do not fit a float8 exactly, by Python's own correctly rounded conversion. */
static int rounded(Cell cell, char point, double *value) {
    char text[LONGEST];
    Py_ssize_t length = 0;
    if (cell.length >= LONGEST) return 0;
    for (Py_ssize_t i = 0; i < cell.length; i++) {
        char c = cell.text[i];
        if (c == point) text[length++] = '.';
        else if (is_digit(c) || c == '-') text[length++] = c;
    }
    text[length] = 0;
    *value = PyOS_string_to_double(text, NULL, NULL);
    if (*value == -1.0 && PyErr_Occurred()) {
        PyErr_Clear();
        return 0;
    }
    return isfinite(*value);
}

/* Fill what can be filled without Python; the first row that needs it, the number of rows, or -1
 * where a cell is written otherwise. */
static Py_ssize_t fill(const Column *column, Py_ssize_t row, char group, char point, double *values,
                       int8_t *decimals) {
    for (; row < column->count; row++) {
        Cell cell = cell_at(column, row);
        Figure figure;
        if (!cell.length) {
            values[row] = NAN, decimals[row] = 0;
            continue;
        }
        if (!parse(cell, group, point, &figure)) return -1;
        decimals[row] = (int8_t)(figure.behind > MOST_DECIMALS ? MOST_DECIMALS : figure.behind);
        if (figure.digits < 0 || figure.behind > LARGEST_POWER) return row;
        double value = (double)figure.digits / POWER[figure.behind];
        values[row] = figure.negative ? -value : value;
    }
    return row;
}

/* figures(data, starts, width, column, first, notation, values, decimals): fill `values` (float8,
 * NaN where a cell is empty) and `decimals` (int8: digits behind the point). Whether every cell is
 * written in the notation: `i`ndonesian, `e`nglish or `p`lain. */
PyObject *native_figures(PyObject *self, PyObject *args) {
    Column column;
    Py_buffer values, decimals;
    int notation;
    (void)self;
    if (!column_parse(args, "y*y*nnnCw*w*", &column, &notation, &values, &decimals)) return NULL;
    Py_ssize_t row = -1;
    char group = notation == 'i' ? '.' : notation == 'e' ? ',' : 0, point = notation == 'i' ? ',' : '.';
    int fine = whole(&values, sizeof(double), column.count, "values") &&
               whole(&decimals, 1, column.count, "decimals");
    if (fine) {
        for (row = 0; row < column.count; row++) {
            Py_BEGIN_ALLOW_THREADS
            row = fill(&column, row, group, point, values.buf, decimals.buf);
            Py_END_ALLOW_THREADS
            if (row < 0 || row == column.count) break;
            if (!rounded(cell_at(&column, row), point, (double *)values.buf + row)) {
                row = -1;
                break;
            }
        }
    }
    PyBuffer_Release(&values);
    PyBuffer_Release(&decimals);
    column_release(&column);
    return fine ? PyBool_FromLong(row >= 0) : NULL;
}
