/* Keys: packed together from columns that take few different values, and counted by what they are
 * parts of. */
#include "native.h"

#include <string.h>

/* place(codes, table, shift, width, keys): put `table[code]` into the bits of each key, -1 being
 * the table's last entry; `codes` None: its first entry for every key. Whether each of them fits:
 * where one does not, some keys are changed and others not. */
PyObject *native_place(PyObject *self, PyObject *args) {
    PyObject *given;
    Py_buffer codes = {0}, table, keys;
    int shift, width, fits = 1, fine;
    (void)self;
    if (!PyArg_ParseTuple(args, "Oy*iiw*", &given, &table, &shift, &width, &keys)) return NULL;
    const int64_t *entries = table.buf;
    int64_t *out = keys.buf;
    Py_ssize_t count = keys.len / (Py_ssize_t)sizeof *out, last = table.len / (Py_ssize_t)sizeof *entries - 1;
    fine = whole(&keys, sizeof *out, -1, "keys") && whole(&table, sizeof *entries, -1, "table");
    if (fine && (last < 0 || shift < 0 || width < 1 || shift + width > 63)) {
        PyErr_SetString(PyExc_ValueError, "no such bits, or an empty table");
        fine = 0;
    }
    if (fine && given != Py_None)
        fine = !PyObject_GetBuffer(given, &codes, PyBUF_SIMPLE) &&
               whole(&codes, sizeof(int32_t), count, "codes");
    if (fine) {
        uint64_t outside = 0, limit = ~(((uint64_t)1 << width) - 1);
        const int32_t *code = codes.buf;
        Py_BEGIN_ALLOW_THREADS
        for (Py_ssize_t i = 0; i < count; i++) {
            Py_ssize_t at = !code ? 0 : code[i] < 0 ? last : code[i];
            uint64_t entry = at <= last ? (uint64_t)entries[at] : ~(uint64_t)0;
            outside |= entry & limit;
            out[i] |= (int64_t)((entry & ~limit) << shift);
        }
        Py_END_ALLOW_THREADS
        fits = !outside;
    }
    if (codes.obj) PyBuffer_Release(&codes);
    PyBuffer_Release(&table);
    PyBuffer_Release(&keys);
    return fine ? PyBool_FromLong(fits) : NULL;
}

/* periods(keys, shift, starts): the positions (int64) at which keys (int64, ascending) first have
 * another value above `shift`; how many there are, or an error where `starts` has no room. */
PyObject *native_periods(PyObject *self, PyObject *args) {
    Py_buffer keys, starts;
    int shift;
    Py_ssize_t found = 0;
    (void)self;
    if (!PyArg_ParseTuple(args, "y*iw*", &keys, &shift, &starts)) return NULL;
    Py_ssize_t count = keys.len / (Py_ssize_t)sizeof(int64_t), room = starts.len / (Py_ssize_t)sizeof(int64_t);
    int fine = whole(&keys, sizeof(int64_t), -1, "keys") && whole(&starts, sizeof(int64_t), -1, "starts");
    if (fine && (shift < 0 || shift > 62)) {
        PyErr_SetString(PyExc_ValueError, "no such bits");
        fine = 0;
    }
    for (Py_ssize_t at = 0; fine && at < count;) {
        const int64_t *key = keys.buf;
        if (found == room) {
            PyErr_SetString(PyExc_ValueError, "starts: there are more periods");
            fine = 0;
            break;
        }
        ((int64_t *)starts.buf)[found++] = at;
        at = gallop(key, count, at + 1, ((key[at] >> shift) + 1) << shift);
    }
    PyBuffer_Release(&keys);
    PyBuffer_Release(&starts);
    return fine ? PyLong_FromSsize_t(found) : NULL;
}

/* Groups of one period by what stands below it: a hash table of their positions. Those of earlier
 * periods have smaller positions, so that nothing has to be emptied for the next period. */
typedef struct {
    Py_ssize_t *bucket, mask;
} Groups;

static inline Py_ssize_t bucket_of(const Groups *g, uint64_t below) {
    uint64_t hash = below * 0x9E3779B97F4A7C15u;
    return (Py_ssize_t)(hash >> 40 ^ hash >> 20) & g->mask;
}

static int groups_grow(Groups *g, const int64_t *found, Py_ssize_t from, Py_ssize_t count, int64_t below) {
    Py_ssize_t buckets = g->mask ? (g->mask + 1) * 4 : 1024;
    PyMem_RawFree(g->bucket);
    g->bucket = PyMem_RawMalloc((size_t)buckets * sizeof *g->bucket);
    if (!g->bucket) return 0;
    memset(g->bucket, 0xff, (size_t)buckets * sizeof *g->bucket);
    g->mask = buckets - 1;
    for (Py_ssize_t i = from; i < count; i++) {
        Py_ssize_t at = bucket_of(g, (uint64_t)(found[i] & below));
        while (g->bucket[at] >= from) at = (at + 1) & g->mask;
        g->bucket[at] = i;
    }
    return 1;
}

/* Number of groups, or -1 where memory is short. */
static Py_ssize_t tally(const int64_t *keys, Py_ssize_t count, const int64_t *whole_of, Py_ssize_t regions,
                        int period_shift, int region_shift, int64_t *groups, int64_t *first,
                        int64_t *present) {
    Groups table = {NULL, 0};
    Py_ssize_t found = 0, from = 0;
    int64_t below = ((int64_t)1 << period_shift) - 1, rest = ((int64_t)1 << region_shift) - 1;
    int64_t period = 0;
    for (Py_ssize_t i = 0; i < count; i++) {
        int64_t region = (keys[i] & below) >> region_shift;
        int64_t whole = region < regions ? whole_of[region] : 0;
        if (!whole) continue;
        int64_t group = (keys[i] & ~below) | whole << region_shift | (keys[i] & rest);
        if (keys[i] >> period_shift != period) period = keys[i] >> period_shift, from = found;
        if ((found - from) * 2 >= table.mask && !groups_grow(&table, groups, from, found, below)) {
            found = -1;
            break;
        }
        /* Buckets below `from` are of earlier periods, and so as good as empty. */
        Py_ssize_t at = bucket_of(&table, (uint64_t)(group & below)), one;
        while ((one = table.bucket[at]) >= from && groups[one] != group) at = (at + 1) & table.mask;
        if (one < from) {
            table.bucket[at] = one = found++;
            groups[one] = group, first[one] = i, present[one] = 0;
        }
        present[one]++;
    }
    PyMem_RawFree(table.bucket);
    return found;
}

/* tally(keys, whole_of, period_shift, region_shift, groups, first, present): keys (int64, ascending)
 * with what their region is a part of in its place, each once in order of time, the position of
 * its first part and the number of its parts (int64 each, with room for as many as there are
 * keys); how many there are. Wholes of 0, and regions beyond `whole_of`, are left out. */
PyObject *native_tally(PyObject *self, PyObject *args) {
    Py_buffer keys, whole_of, groups, first, present;
    int period_shift, region_shift;
    Py_ssize_t found = 0;
    (void)self;
    if (!PyArg_ParseTuple(args, "y*y*iiw*w*w*", &keys, &whole_of, &period_shift, &region_shift, &groups,
                          &first, &present))
        return NULL;
    Py_ssize_t count = keys.len / (Py_ssize_t)sizeof(int64_t);
    int fine = whole(&keys, sizeof(int64_t), -1, "keys") &&
               whole(&whole_of, sizeof(int64_t), -1, "whole_of") &&
               whole(&groups, sizeof(int64_t), count, "groups") &&
               whole(&first, sizeof(int64_t), count, "first") &&
               whole(&present, sizeof(int64_t), count, "present");
    if (fine && !(0 < region_shift && region_shift < period_shift && period_shift < 63)) {
        PyErr_SetString(PyExc_ValueError, "no such bits");
        fine = 0;
    }
    if (fine) {
        Py_BEGIN_ALLOW_THREADS
        found = tally(keys.buf, count, whole_of.buf, whole_of.len / (Py_ssize_t)sizeof(int64_t),
                      period_shift, region_shift, groups.buf, first.buf, present.buf);
        Py_END_ALLOW_THREADS
        if (found < 0) PyErr_NoMemory();
    }
    PyBuffer_Release(&keys);
    PyBuffer_Release(&whole_of);
    PyBuffer_Release(&groups);
    PyBuffer_Release(&first);
    PyBuffer_Release(&present);
    return fine && found >= 0 ? PyLong_FromSsize_t(found) : NULL;
}
