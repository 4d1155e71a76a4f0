/* A stored block's columns, as store/coding.py describes them. */
#include "native.h"

#include <string.h>

enum { MOST_DECIMALS = 22 };
static const double POWER[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                               1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                               1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

typedef struct {
    const char *keys, *values, *decimals, *status;
    Py_ssize_t keys_size, values_size, decimals_size, status_size;
    Py_ssize_t count;
    const int64_t *wanted; /* classifications, ascending; NULL: all */
    Py_ssize_t wanted_count;
    int64_t rest;
} Block;

typedef struct {
    int64_t *keys;
    double *values;
    int8_t *decimals;
    uint8_t *status;
    Py_ssize_t at, room;
    double power;
} Columns;

/* Fields stand at any address, so that nothing larger than a byte is read in place. */
static inline int64_t int64_at(const char *from, Py_ssize_t i) {
    int64_t value;
    memcpy(&value, from + 8 * i, 8);
    return value;
}

static inline int32_t int32_at(const char *from, Py_ssize_t i) {
    int32_t value;
    memcpy(&value, from + 4 * i, 4);
    return value;
}

static int is_wanted(const Block *b, int64_t key) {
    if (!b->wanted) return 1;
    int64_t rest = key & b->rest;
    Py_ssize_t low = 0, high = b->wanted_count;
    while (low < high) {
        Py_ssize_t middle = low + (high - low) / 2;
        if (b->wanted[middle] < rest) low = middle + 1;
        else high = middle;
    }
    return low < b->wanted_count && b->wanted[low] == rest;
}

static inline int put(const Block *b, Columns *out, Py_ssize_t i, int64_t key) {
    if (out->at >= out->room) return 0;
    out->keys[out->at] = key;
    if (b->values_size == 8 * b->count) memcpy(out->values + out->at, b->values + 8 * i, 8);
    else out->values[out->at] = int32_at(b->values, i) / out->power;
    out->decimals[out->at] = (int8_t)b->decimals[b->decimals_size == 1 ? 0 : i];
    out->status[out->at] = (uint8_t)b->status[b->status_size == 1 ? 0 : i];
    out->at++;
    return 1;
}

static int plain_keys(const Block *b, Columns *out) {
    for (Py_ssize_t i = 0; i < b->count; i++) {
        int64_t key = int64_at(b->keys, i);
        if (is_wanted(b, key) && !put(b, out, i, key)) return 0;
    }
    return 1;
}

/* Numbers of periods and entries, periods, entries, figures of each period, and each one's entry. */
static int dictionary(const Block *b, Columns *out) {
    if (b->keys_size < 8) return 0;
    int64_t periods = int32_at(b->keys, 0), entries = int32_at(b->keys, 1);
    if (periods < 0 || entries < 1 || entries > 1 << 16 ||
        8 + 12 * periods + 8 * entries + 2 * b->count != b->keys_size)
        return 0;
    const char *first = b->keys + 8, *entry = first + 8 * periods, *counts = entry + 8 * entries;
    const unsigned char *codes = (const unsigned char *)counts + 4 * periods;
    uint8_t *skip = PyMem_RawCalloc((size_t)entries, 1);
    if (!skip) return 0;
    for (int64_t i = 0; i < entries; i++) skip[i] = !is_wanted(b, int64_at(entry, i));
    Py_ssize_t i = 0;
    int fine = 1;
    for (int64_t p = 0; fine && p < periods; p++) {
        int64_t period = int64_at(first, p), left = int32_at(counts, p);
        if (left < 0 || left > b->count - i) fine = 0;
        for (; fine && left; left--, i++) {
            int code = codes[2 * i] | codes[2 * i + 1] << 8;
            if (code >= entries) fine = 0;
            else if (!skip[code]) fine = put(b, out, i, period | int64_at(entry, code));
        }
    }
    PyMem_RawFree(skip);
    return fine && i == b->count;
}

/* Whether every field has one of its two sizes, and all of it was read. */
static int decode(const Block *b, Columns *out) {
    Py_ssize_t n = b->count;
    int most = 0;
    if (n < 1 || (b->values_size != 8 * n && b->values_size != 4 * n) ||
        (b->decimals_size != 1 && b->decimals_size != n) || (b->status_size != 1 && b->status_size != n))
        return 0;
    for (Py_ssize_t i = 0; i < b->decimals_size; i++)
        if ((signed char)b->decimals[i] > most) most = (signed char)b->decimals[i];
    if (b->values_size == 4 * n && most > MOST_DECIMALS) return 0;
    out->power = most > MOST_DECIMALS ? 1 : POWER[most];
    return b->keys_size == 8 * n ? plain_keys(b, out) : dictionary(b, out);
}

/* decode(keys, values, decimals, status, count, wanted, rest, at, *columns): fill the columns (int64,
 * float8, int8, uint8) from position `at` on with those figures of a block whose key has one of the
 * `wanted` classifications (int64, ascending; None: all) in the bits `rest`; where they end.
 *
 * ValueError: the block is damaged, or the columns have no room for it. */
PyObject *native_decode(PyObject *self, PyObject *args) {
    Py_buffer fields[4], columns[4], wanted = {0};
    PyObject *given, *result = NULL;
    Block b = {0};
    Columns out = {0};
    (void)self;
    if (!PyArg_ParseTuple(args, "y*y*y*y*nOLnw*w*w*w*", &fields[0], &fields[1], &fields[2], &fields[3],
                          &b.count, &given, &b.rest, &out.at, &columns[0], &columns[1], &columns[2],
                          &columns[3]))
        return NULL;
    out.room = columns[0].len / (Py_ssize_t)sizeof(int64_t);
    int fine = whole(&columns[0], sizeof(int64_t), -1, "keys") &&
               whole(&columns[1], sizeof(double), out.room, "values") &&
               whole(&columns[2], 1, out.room, "decimals") && whole(&columns[3], 1, out.room, "status");
    if (fine && given != Py_None)
        fine = !PyObject_GetBuffer(given, &wanted, PyBUF_SIMPLE) &&
               whole(&wanted, sizeof(int64_t), -1, "wanted");
    if (fine) {
        b.keys = fields[0].buf, b.keys_size = fields[0].len;
        b.values = fields[1].buf, b.values_size = fields[1].len;
        b.decimals = fields[2].buf, b.decimals_size = fields[2].len;
        b.status = fields[3].buf, b.status_size = fields[3].len;
        b.wanted = given == Py_None ? NULL : wanted.buf;
        b.wanted_count = wanted.len / (Py_ssize_t)sizeof(int64_t);
        out.keys = columns[0].buf, out.values = columns[1].buf;
        out.decimals = columns[2].buf, out.status = columns[3].buf;
        if (out.at >= 0 && b.count <= out.room && decode(&b, &out)) result = PyLong_FromSsize_t(out.at);
        else PyErr_SetString(PyExc_ValueError, "a block of figures is damaged");
    }
    if (wanted.obj) PyBuffer_Release(&wanted);
    for (int i = 0; i < 4; i++) PyBuffer_Release(&fields[i]), PyBuffer_Release(&columns[i]);
    return result;
}
