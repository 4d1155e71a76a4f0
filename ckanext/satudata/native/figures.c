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

typedef struct {
    const Column *column;
    char group, point;
    double *values;
    int8_t *decimals;
} Fill;

static inline void put(const Fill *f, Py_ssize_t row, int64_t digits, int behind, int negative) {
    double value = (double)digits / POWER[behind];
    f->values[row] = negative ? -value : value;
    f->decimals[row] = (int8_t)behind;
}

/* One figure: 1, or 0 where it needs Python, or -1 where it is written otherwise. */
static int fill_one(const Fill *f, Py_ssize_t row, Cell cell) {
    Figure figure;
    if (!cell.length) {
        f->values[row] = NAN, f->decimals[row] = 0;
        return 1;
    }
    if (!parse(cell, f->group, f->point, &figure)) return -1;
    if (figure.digits < 0 || figure.behind > LARGEST_POWER) {
        f->decimals[row] = (int8_t)(figure.behind > MOST_DECIMALS ? MOST_DECIMALS : figure.behind);
        return 0;
    }
    put(f, row, figure.digits, figure.behind, figure.negative);
    return 1;
}

/* Fill what can be filled without Python; the first row that needs it, the number of rows, or -1
 * where a cell is written otherwise. */
static Py_ssize_t fill(const Fill *f, Py_ssize_t row) {
    for (; row < f->column->count; row++) {
        int done = fill_one(f, row, cell_at(f->column, row));
        if (done <= 0) return done < 0 ? -1 : row;
    }
    return row;
}

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

enum { LANE = 16 };

/* Where the separators of figures of one length stand, and what brings their digits together. */
typedef struct {
    int groups, points, behind;
    __m128i order;
} Shape;

/* The shape of a figure that `parse` understands. `groups` and `points` have a bit for each of the
 * sixteen bytes that end with the figure. */
__attribute__((target("ssse3"))) static Shape shape_of(Py_ssize_t length, int groups, int points, int behind) {
    char order[LANE];
    int to = LANE;
    for (Py_ssize_t from = LANE - 1; from >= LANE - length; from--)
        if (!((groups | points) >> from & 1)) order[--to] = (char)from;
    while (to) order[--to] = -1; /* becomes a zero */
    return (Shape){groups, points, behind, _mm_loadu_si128((const __m128i *)order)};
}

/* As `fill`, sixteen bytes at once: most figures of a column have one of few shapes. */
__attribute__((target("ssse3"))) static Py_ssize_t fill_lanes(const Fill *f, Py_ssize_t row) {
    const Column *column = f->column;
    const __m128i zero = _mm_set1_epi8('0'), nine = _mm_set1_epi8(9);
    const __m128i group = _mm_set1_epi8(f->group), point = _mm_set1_epi8(f->point);
    const __m128i tens = _mm_set1_epi16(10 | 1 << 8), hundreds = _mm_set1_epi32(100 | 1 << 16);
    const __m128i myriads = _mm_set1_epi32(10000 | 1 << 16);
    Shape known[LANE + 1] = {{0}};
    for (int length = 1; length <= LANE; length++) known[length] = shape_of(length, 0, 0, 0);
    for (; row < column->count; row++) {
        Cell cell = cell_at(column, row);
        Py_ssize_t length = cell.length;
        if (length >= 1 && length <= LANE && cell.text - column->text + length >= LANE) {
            __m128i bytes = _mm_loadu_si128((const __m128i *)(cell.text + length - LANE));
            __m128i digits = _mm_sub_epi8(bytes, zero);
            int inside = (0xffff << (LANE - length)) & 0xffff;
            int others = ~_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(digits, nine), digits)) & inside;
            int groups = f->group ? _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, group)) & inside : 0;
            int points = _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, point)) & inside;
            if (others == (groups | points) && !(groups && *cell.text == '0')) {
                Shape *shape = &known[length];
                if (groups != shape->groups || points != shape->points) {
                    Figure figure;
                    if (!parse(cell, f->group, f->point, &figure)) return -1;
                    *shape = shape_of(length, groups, points, figure.behind);
                }
                __m128i pairs = _mm_maddubs_epi16(_mm_shuffle_epi8(digits, shape->order), tens);
                __m128i fours = _mm_madd_epi16(pairs, hundreds);
                __m128i eights = _mm_madd_epi16(_mm_packs_epi32(fours, fours), myriads);
                uint64_t halves = (uint64_t)_mm_cvtsi128_si64(eights);
                int64_t value = (int64_t)(halves & UINT32_MAX) * 100000000 + (int64_t)(halves >> 32);
                if (value <= EXACT) {
                    put(f, row, value, shape->behind, 0);
                    continue;
                }
            }
        }
        int done = fill_one(f, row, cell);
        if (done <= 0) return done < 0 ? -1 : row;
    }
    return row;
}

static Py_ssize_t fill_best(const Fill *f, Py_ssize_t row) {
    return __builtin_cpu_supports("ssse3") ? fill_lanes(f, row) : fill(f, row);
}
#else
static Py_ssize_t fill_best(const Fill *f, Py_ssize_t row) { return fill(f, row); }
#endif

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
        Fill filled = {&column, group, point, values.buf, decimals.buf};
        for (row = 0; row < column.count; row++) {
            Py_BEGIN_ALLOW_THREADS
            row = fill_best(&filled, row);
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
