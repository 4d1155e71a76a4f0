/* Delimited text: where its cells are, and each different text of a column once.
 *
 * Only tables that leave no question are scanned; of every other one `scan` says so, and the
 * general reader takes it. A scanned table has the same number of cells, above one, in each line;
 * its lines end with LF or CR LF, and none is empty or without any text; a cell is quoted as a
 * whole or not at all, and a quoted one holds a text without quotes or line breaks.
 */
#include "table.h"

#include <string.h>

int whole(const Py_buffer *buffer, Py_ssize_t size, Py_ssize_t items, const char *what) {
    if (buffer->len % size || (items >= 0 && buffer->len / size != items)) {
        PyErr_Format(PyExc_ValueError, "%s: %zd bytes are not what was expected", what, buffer->len);
        return 0;
    }
    return 1;
}

void column_release(Column *column) {
    PyBuffer_Release(&column->data);
    PyBuffer_Release(&column->starts);
}

/* The first five arguments are data, starts, width, column and first row; `starts` is what `scan`
 * filled, so that only its last entry has to be looked at: entries ascend. */
int column_parse(PyObject *args, const char *format, Column *out, void *one, void *two, void *three) {
    if (!PyArg_ParseTuple(args, format, &out->data, &out->starts, &out->width, &out->column,
                          &out->first, one, two, three))
        return 0;
    Py_ssize_t entries = out->starts.len / (Py_ssize_t)sizeof(uint32_t);
    out->text = out->data.buf;
    out->start = out->starts.buf;
    if (out->width < 2 || entries < 1 || (entries - 1) % out->width || out->column < 0 ||
        out->column >= out->width || out->first < 0 || out->first > (entries - 1) / out->width ||
        out->start[entries - 1] > out->data.len + 1) {
        PyErr_SetString(PyExc_ValueError, "this is no scanned table, or it has no such column");
        column_release(out);
        return 0;
    }
    out->rows = (entries - 1) / out->width;
    out->count = out->rows - out->first;
    return 1;
}

/* lines(data): number of lines, also where the last one has no end. */
PyObject *native_lines(PyObject *self, PyObject *args) {
    Py_buffer data;
    (void)self;
    if (!PyArg_ParseTuple(args, "y*", &data)) return NULL;
    const char *text = data.buf;
    Py_ssize_t found = 0;
    Py_BEGIN_ALLOW_THREADS
    for (Py_ssize_t from = 0; from < data.len;) {
        /* So short that a byte can count: the compiler counts many at once. */
        Py_ssize_t to = data.len - from > 255 ? from + 255 : data.len;
        uint8_t some = 0;
        for (; from < to; from++) some += text[from] == '\n';
        found += some;
    }
    if (data.len && text[data.len - 1] != '\n') found++;
    Py_END_ALLOW_THREADS
    PyBuffer_Release(&data);
    return PyLong_FromSsize_t(found);
}

enum { PIECE = 64 };

/* What ends a run of common bytes: bit `i` of `stops` is set where byte `i` of a piece is one of the
 * four, and of `odd` where it is NUL or none of ASCII. */
typedef struct {
    uint64_t stops, odd;
} Seen;

#ifdef __SSE2__
#include <emmintrin.h>
static inline Seen look(const char *at, char delimiter) {
    const __m128i ends[] = {_mm_set1_epi8(delimiter), _mm_set1_epi8('\n'), _mm_set1_epi8('\r'),
                            _mm_set1_epi8('"')};
    Seen seen = {0, 0};
    for (int part = 0; part < 4; part++) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)at + part);
        __m128i found = _mm_cmpeq_epi8(bytes, ends[0]);
        for (int end = 1; end < 4; end++) found = _mm_or_si128(found, _mm_cmpeq_epi8(bytes, ends[end]));
        __m128i odd = _mm_or_si128(bytes, _mm_cmpeq_epi8(bytes, _mm_setzero_si128()));
        seen.stops |= (uint64_t)(uint32_t)_mm_movemask_epi8(found) << 16 * part;
        seen.odd |= (uint64_t)(uint32_t)_mm_movemask_epi8(odd) << 16 * part;
    }
    return seen;
}
#else
static inline Seen look(const char *at, char delimiter) {
    Seen seen = {0, 0};
    for (int i = 0; i < PIECE; i++) {
        int stop = at[i] == delimiter || at[i] == '\n' || at[i] == '\r' || at[i] == '"';
        seen.stops |= (uint64_t)stop << i;
        seen.odd |= (uint64_t)((signed char)at[i] <= 0) << i;
    }
    return seen;
}
#endif

/* Behind a quoted cell, or NULL where it is not one that is read here. */
static const char *behind_quoted(const char *at, const char *end, int plain) {
    const char *from = ++at;
    for (; at < end && *at != '"' && *at != '\n' && *at != '\r'; at++)
        if (plain && (signed char)*at <= 0) return NULL;
    return at < end && *at == '"' && at > from ? at + 1 : NULL;
}

typedef struct {
    const char *text, *end;
    uint32_t *start;
    Py_ssize_t cells, room, width, column;
    const char *line; /* where the line begins */
    char delimiter;
    int plain; /* whether only ASCII without NUL is read here */
    int full;  /* whether there was no room for all */
} Scan;

/* Take the delimiter or the end of a line at `at`; where the next cell begins, or NULL where the
 * table is not one that is read here. */
static inline const char *take(Scan *s, const char *at) {
    const char *next = at + 1;
    if (at < s->end && *at == s->delimiter) {
        if (++s->column == s->width) return NULL;
    } else {
        if (s->column != s->width - 1) return NULL;
        if (at < s->end && *at == '\r') {
            if (at + 1 >= s->end || at[1] != '\n') return NULL;
            next++;
        } else if (at < s->end && *at != '\n') {
            return NULL;
        }
        /* Nothing but delimiters: a line without any text. */
        if (at - s->line == s->width - 1) return NULL;
        s->column = 0, s->line = next;
        if (next >= s->end) return next;
    }
    if (s->cells >= s->room) {
        s->full = 1;
        return NULL;
    }
    s->start[s->cells++] = (uint32_t)(next - s->text);
    return next;
}

static Py_ssize_t scan(Scan *s) {
    const char *at = s->text; /* where the cell begins */
    const char *looked = at;  /* what is before this has been looked at */
    char tail[PIECE];
    if (at == s->end) return -1;
    if (s->room < 1) {
        s->full = 1;
        return -1;
    }
    s->start[s->cells++] = 0;
    while (looked < s->end) {
        const char *from = looked;
        Seen seen;
        if (s->end - looked < PIECE) {
            uint64_t inside = ((uint64_t)1 << (s->end - looked)) - 1;
            memset(tail, 0, PIECE);
            memcpy(tail, looked, (size_t)(s->end - looked));
            looked = s->end;
            seen = look(tail, s->delimiter);
            seen.stops &= inside, seen.odd &= inside;
        } else {
            looked += PIECE;
            seen = look(from, s->delimiter);
        }
        if (s->plain && seen.odd) return -1;
        for (uint64_t stops = seen.stops; stops; stops &= stops - 1) {
            const char *stop = from + __builtin_ctzll(stops);
            if (stop < at) continue; /* the LF of a CR LF */
            int quoted = *stop == '"';
            if (quoted && (stop != at || !(stop = behind_quoted(stop, s->end, s->plain)))) return -1;
            at = take(s, stop);
            if (!at) return -1;
            if (quoted) {
                looked = at;
                break;
            }
        }
    }
    /* A last line without an end. */
    if (s->column || at < s->end) {
        at = take(s, s->end);
        if (!at) return -1;
    }
    if (s->cells >= s->room) {
        s->full = 1;
        return -1;
    }
    s->start[s->cells] = (uint32_t)(at - s->text);
    return s->cells / s->width;
}

enum { NO_ROOM = -2 };

/* scan(data, delimiter, width, plain, starts): fill `starts`; the number of rows, -1 where the table
 * is not one that is read here, or -2 where `starts` is too small. It is of uint32, with room for each
 * cell and one more. `plain`: only ASCII without NUL is read here. */
PyObject *native_scan(PyObject *self, PyObject *args) {
    Py_buffer data, starts;
    int delimiter, plain;
    Py_ssize_t width, rows = -1;
    (void)self;
    if (!PyArg_ParseTuple(args, "y*Cnpw*", &data, &delimiter, &width, &plain, &starts)) return NULL;
    if (width >= 2 && delimiter > 0 && delimiter < 128 && data.len < UINT32_MAX) {
        Py_BEGIN_ALLOW_THREADS
        Scan found = {.text = data.buf,
                      .end = (const char *)data.buf + data.len,
                      .start = starts.buf,
                      .room = starts.len / (Py_ssize_t)sizeof(uint32_t),
                      .width = width,
                      .line = data.buf,
                      .delimiter = (char)delimiter,
                      .plain = plain};
        rows = scan(&found);
        if (found.full) rows = NO_ROOM;
        Py_END_ALLOW_THREADS
    }
    PyBuffer_Release(&data);
    PyBuffer_Release(&starts);
    return PyLong_FromSsize_t(rows);
}

/* texts(data, starts, width, column, first, positions): the texts of some rows, None where a
 * cell is empty; `positions` is of int64 and counts rows from `first`. */
PyObject *native_texts(PyObject *self, PyObject *args) {
    Column column;
    Py_buffer positions;
    (void)self;
    if (!column_parse(args, "y*y*nnny*", &column, &positions, NULL, NULL)) return NULL;
    const int64_t *wanted = positions.buf;
    Py_ssize_t count = positions.len / (Py_ssize_t)sizeof *wanted;
    PyObject *out = PyList_New(count);
    for (Py_ssize_t i = 0; out && i < count; i++) {
        if (wanted[i] < 0 || wanted[i] >= column.count) {
            PyErr_SetString(PyExc_IndexError, "no such row");
            Py_CLEAR(out);
            break;
        }
        Cell cell = cell_at(&column, wanted[i]);
        PyObject *text = cell.length ? PyUnicode_DecodeUTF8(cell.text, cell.length, "strict")
                                     : Py_NewRef(Py_None);
        if (text) PyList_SET_ITEM(out, i, text);
        else Py_CLEAR(out);
    }
    PyBuffer_Release(&positions);
    column_release(&column);
    return out;
}

/* Each different text once. Nearly all are told apart by their first and last eight bytes, which stand
 * beside their length in one cache line. */
typedef struct {
    uint64_t head, tail; /* of a text below eight bytes, head is all of it */
    Cell cell;
    int32_t follower; /* the text that last came behind this one */
} Text;

/* A hash table of positions in the growing list of texts. */
typedef struct {
    Text *texts;
    int32_t *buckets;
    Py_ssize_t count, room, mask;
} Dictionary;

enum { WORD = 8 };

static inline uint64_t word_at(const char *at) {
    uint64_t word;
    memcpy(&word, at, WORD);
    return word;
}

/* A text, not empty, with what it is compared by; `end` is where the bytes end that may be read. */
static inline Text text_of(Cell cell, const char *end) {
    Text text = {.cell = cell};
    if (cell.length >= WORD) {
        text.head = word_at(cell.text);
        text.tail = word_at(cell.text + cell.length - WORD);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    } else if (end - cell.text >= WORD) {
        /* The first bytes are the low ones; what stands behind the cell is shifted out. */
        text.head = word_at(cell.text) << 8 * (WORD - cell.length);
#endif
    } else {
        for (Py_ssize_t i = 0; i < cell.length; i++)
            text.head |= (uint64_t)(unsigned char)cell.text[i] << 8 * (i + WORD - cell.length);
    }
    return text;
}

static inline int same(const Text *one, const Text *other) {
    Py_ssize_t length = one->cell.length;
    if (length != other->cell.length || one->head != other->head || one->tail != other->tail) return 0;
    return length <= 2 * WORD ||
           !memcmp(one->cell.text + WORD, other->cell.text + WORD, (size_t)(length - 2 * WORD));
}

static uint64_t mix(uint64_t hash, uint64_t word) {
    hash = (hash ^ word) * 0x9E3779B97F4A7C15u;
    return hash ^ (hash >> 29);
}

static uint64_t hash_of(const Text *text) {
    uint64_t hash = mix((uint64_t)text->cell.length, text->head);
    for (Py_ssize_t at = WORD; at < text->cell.length - WORD; at += WORD)
        hash = mix(hash, word_at(text->cell.text + at));
    return mix(hash, text->tail);
}

static int grow(Dictionary *d) {
    Py_ssize_t room = d->room ? d->room * 2 : 1024, buckets = room * 4;
    Text *texts = PyMem_RawRealloc(d->texts, (size_t)room * sizeof *texts);
    if (texts) d->texts = texts;
    PyMem_RawFree(d->buckets);
    d->buckets = PyMem_RawMalloc((size_t)buckets * sizeof *d->buckets);
    if (!texts || !d->buckets) return 0;
    memset(d->buckets, 0xff, (size_t)buckets * sizeof *d->buckets);
    d->room = room, d->mask = buckets - 1;
    for (Py_ssize_t i = 0; i < d->count; i++) {
        Py_ssize_t at = (Py_ssize_t)hash_of(&d->texts[i]) & d->mask;
        while (d->buckets[at] >= 0) at = (at + 1) & d->mask;
        d->buckets[at] = (int32_t)i;
    }
    return 1;
}

/* The number of a text; -1 where memory is short. */
static int32_t number_of(Dictionary *d, const Text *text) {
    if (d->count == d->room && !grow(d)) return -1;
    Py_ssize_t at = (Py_ssize_t)hash_of(text) & d->mask;
    while (d->buckets[at] >= 0) {
        if (same(&d->texts[d->buckets[at]], text)) return d->buckets[at];
        at = (at + 1) & d->mask;
    }
    d->texts[d->count] = *text;
    d->texts[d->count].follower = (int32_t)d->count;
    d->buckets[at] = (int32_t)d->count;
    return (int32_t)d->count++;
}

/* Number of empty cells; -1 where memory is short. */
static Py_ssize_t number(const Column *column, Dictionary *d, int32_t *codes) {
    const char *end = column->text + column->data.len;
    Py_ssize_t empty = 0;
    int32_t last = -1;
    for (Py_ssize_t row = 0; row < column->count; row++) {
        Cell cell = cell_at(column, row);
        if (!cell.length) {
            codes[row] = -1, empty++;
            continue;
        }
        Text text = text_of(cell, end);
        /* Tables repeat: the same text again, or the one that followed it before. */
        int32_t code = last;
        if (last < 0 || !same(&d->texts[last], &text)) {
            code = last < 0 ? -1 : d->texts[last].follower;
            if (code < 0 || !same(&d->texts[code], &text)) {
                code = number_of(d, &text);
                if (code < 0) return -1;
                if (last >= 0) d->texts[last].follower = code;
            }
        }
        codes[row] = last = code;
    }
    return empty;
}

/* number(data, starts, width, column, first, codes): the column's different texts in the order
 * in which they come, and how many cells are empty; `codes` (int32) gets the position of each row's
 * text, -1 where it is empty. */
PyObject *native_number(PyObject *self, PyObject *args) {
    Column column;
    Py_buffer codes;
    Dictionary found = {0};
    PyObject *out = NULL;
    Py_ssize_t empty = -1;
    (void)self;
    if (!column_parse(args, "y*y*nnnw*", &column, &codes, NULL, NULL)) return NULL;
    if (whole(&codes, sizeof(int32_t), column.count, "codes")) {
        Py_BEGIN_ALLOW_THREADS
        if (column.count <= INT32_MAX) empty = number(&column, &found, codes.buf);
        Py_END_ALLOW_THREADS
        if (empty < 0) PyErr_NoMemory();
        else out = PyList_New(found.count);
    }
    for (Py_ssize_t i = 0; out && i < found.count; i++) {
        Cell cell = found.texts[i].cell;
        PyObject *text = PyUnicode_DecodeUTF8(cell.text, cell.length, "strict");
        if (text) PyList_SET_ITEM(out, i, text);
        else Py_CLEAR(out);
    }
    PyMem_RawFree(found.texts);
    PyMem_RawFree(found.buckets);
    PyBuffer_Release(&codes);
    column_release(&column);
    return out ? Py_BuildValue("Nn", out, empty) : NULL;
}
