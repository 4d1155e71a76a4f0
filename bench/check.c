/* The same work as bench/duck.py, by a program that can do nothing else.
 *
 * Usage: check CSV PUBLISHED CODES SHIFT
 *
 * CSV:       kode_wilayah;kode_komoditas;tanggal;harga in Indonesian notation.
 * PUBLISHED: number of figures (int64), then keys (int64, ascending), values (double),
 *            decimals (int8).
 * CODES:     lines "region CODE INDEX PARENT" (parent 0: none) and "item CODE INDEX".
 * SHIFT:     where the item stands in a key.
 *
 * Prints rows, conflicts and other findings: cells that cannot be read, figures in the other
 * notation, objects that occur twice, regions that lack some of their parts.
 */
#include <fcntl.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUCKETS = 1 << 12, LONGEST = 32, REGION_SHIFT = 26, PERIOD_SHIFT = 43, DAY = 5 };

typedef struct {
    char text[LONGEST];
    int length, index, parent;
} Code;

typedef struct {
    Code codes[BUCKETS];
    int largest;
} Table;

typedef struct {
    int64_t key;
    double value;
    int32_t row;
    int8_t decimals;
} Figure;

typedef struct {
    const char *data;
    size_t size;
} File;

static Table regions, items;
static const double HALF[] = {5e-1, 5e-2, 5e-3, 5e-4, 5e-5, 5e-6, 5e-7, 5e-8, 5e-9, 5e-10};
static const double POWER[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
enum { MOST_DECIMALS = 9, MOST_DIGITS = 15 };

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void *room(size_t count, size_t size) {
    void *found = calloc(count ? count : 1, size);
    if (!found) fail("memory");
    return found;
}

static File map(const char *path) {
    struct stat about;
    int file = open(path, O_RDONLY);
    if (file < 0 || fstat(file, &about)) fail(path);
    void *data = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
    if (data == MAP_FAILED) fail(path);
    close(file);
    return (File){data, (size_t)about.st_size};
}

static Code *place(Table *table, const char *text, int length) {
    uint32_t hash = 2166136261u;
    for (int i = 0; i < length; i++) hash = (hash ^ (uint8_t)text[i]) * 16777619u;
    for (uint32_t at = hash % BUCKETS;; at = (at + 1) % BUCKETS) {
        Code *code = &table->codes[at];
        if (!code->length || (code->length == length && !memcmp(code->text, text, (size_t)length)))
            return code;
    }
}

static void load_codes(const char *path) {
    char kind[8], text[LONGEST];
    int index, parent;
    FILE *file = fopen(path, "r");
    if (!file) fail(path);
    while (fscanf(file, "%7s %31s %d %d", kind, text, &index, &parent) == 4) {
        Table *table = kind[0] == 'r' ? &regions : &items;
        int length = (int)strlen(text);
        Code *code = place(table, text, length);
        memcpy(code->text, text, (size_t)length);
        code->length = length, code->index = index, code->parent = parent;
        if (index > table->largest) table->largest = index;
    }
    fclose(file);
}

/* A whole number that is written with thousands in groups of three, or without groups; then
 * what stands behind the decimal separator. Returns false if it is written otherwise. */
static int number(const char *text, int length, char group, char point, double *value,
                  int *decimals) {
    int at = 0, digits = 0, run = 0, groups = 0, behind = 0, negative = 0;
    int64_t whole = 0;
    if (at < length && (text[at] == '+' || text[at] == '-')) negative = text[at++] == '-';
    int first = at;
    for (; at < length && text[at] != point; at++) {
        if (text[at] == group) {
            if (groups ? run != 3 : run < 1 || run > 3 || text[first] == '0') return 0;
            groups++, run = 0;
        } else if (text[at] >= '0' && text[at] <= '9') {
            whole = whole * 10 + (text[at] - '0');
            run++, digits++;
        } else {
            return 0;
        }
    }
    if (!run || (groups && run != 3)) return 0;
    if (at < length) {
        for (at++; at < length; at++, behind++, digits++) {
            if (text[at] < '0' || text[at] > '9') return 0;
            whole = whole * 10 + (text[at] - '0');
        }
        if (!behind) return 0;
    }
    if (digits > MOST_DIGITS || behind > MOST_DECIMALS) return 0;
    *value = (double)(negative ? -whole : whole) / POWER[behind];
    *decimals = behind;
    return 1;
}

static int digits(const char *text, int count, int *value) {
    *value = 0;
    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9') return 0;
        *value = *value * 10 + (text[i] - '0');
    }
    return 1;
}

/* Days from 1900-01-01 to a date, by Howard Hinnant's days_from_civil; -1 for no date. */
static int64_t day(const char *text, int length) {
    static const int LENGTHS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year, month, date;
    if (length != 10 || text[4] != '-' || text[7] != '-' || !digits(text, 4, &year) ||
        !digits(text + 5, 2, &month) || !digits(text + 8, 2, &date) || month < 1 || month > 12)
        return -1;
    int leap = year % 4 == 0 && (year % 100 || year % 400 == 0);
    if (date < 1 || date > LENGTHS[month - 1] + (month == 2 && leap)) return -1;
    int y = year - (month <= 2);
    int era = y / 400, of_era = y - era * 400;
    int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + date - 1;
    int of_all = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    return (int64_t)era * 146097 + of_all - 693901;
}

static int by_key(const void *a, const void *b) {
    const Figure *one = a, *other = b;
    if (one->key != other->key) return one->key < other->key ? -1 : 1;
    return one->row - other->row;
}

static int64_t read_figures(File csv, int shift, Figure **out, int64_t *rows) {
    const char *at = csv.data, *end = csv.data + csv.size;
    int64_t problems = 0, count = 0, room_for = (int64_t)(csv.size / 24) + 2;
    Figure *figures = room((size_t)room_for, sizeof *figures);
    at = memchr(at, '\n', csv.size);
    if (!at) fail("header");
    for (*rows = 0, at++; at < end; ++*rows) {
        const char *cells[4];
        int lengths[4], decimals = 0;
        double value = 0, other;
        for (int c = 0; c < 4; c++) {
            char stop = c < 3 ? ';' : '\n';
            const char *next = at;
            while (next < end && *next != stop) next++;
            cells[c] = at, lengths[c] = (int)(next - at);
            at = next + 1;
        }
        const Code *region = place(&regions, cells[0], lengths[0]);
        const Code *item = place(&items, cells[1], lengths[1]);
        int64_t when = day(cells[2], lengths[2]);
        int readable = number(cells[3], lengths[3], '.', ',', &value, &decimals);
        if (!region->length || !item->length || when < 0 || !readable) {
            problems++;
            if (!readable && number(cells[3], lengths[3], ',', '.', &other, &decimals)) problems++;
            continue;
        }
        if (count == room_for) fail("short rows");
        int64_t key = ((when * 8 + DAY) << PERIOD_SHIFT) | ((int64_t)region->index << REGION_SHIFT) |
                      ((int64_t)item->index << shift);
        figures[count++] = (Figure){key, value, (int32_t)*rows, (int8_t)decimals};
    }
    for (int64_t i = 1; i < count; i++)
        if (figures[i].key < figures[i - 1].key) {
            qsort(figures, (size_t)count, sizeof *figures, by_key);
            break;
        }
    *out = figures;
    *rows = count;
    return problems;
}

static int64_t twice(const Figure *figures, int64_t count) {
    int64_t found = 0;
    for (int64_t i = 1; i < count; i++)
        found += figures[i].key == figures[i - 1].key && (i == 1 || figures[i].key != figures[i - 2].key);
    return found;
}

/* Regions with some, but not all of their parts, by period and item. */
static int64_t incomplete(const Figure *figures, int64_t count, int shift) {
    int width = items.largest + 1, height = regions.largest + 1;
    int *parent = room((size_t)height, sizeof *parent), *wanted = room((size_t)height, sizeof *wanted);
    int *present = room((size_t)width * (size_t)height, sizeof *present);
    int64_t found = 0;
    for (int b = 0; b < BUCKETS; b++)
        if (regions.codes[b].length) parent[regions.codes[b].index] = regions.codes[b].parent;
    for (int r = 1; r < height; r++) wanted[parent[r]]++;
    for (int64_t i = 0; i < count;) {
        int64_t period = figures[i].key >> PERIOD_SHIFT;
        for (; i < count && figures[i].key >> PERIOD_SHIFT == period; i++) {
            int region = (int)(figures[i].key >> REGION_SHIFT) & ((1 << 17) - 1);
            int item = (int)(figures[i].key & ((1 << REGION_SHIFT) - 1)) >> shift;
            present[parent[region] * width + item]++;
        }
        for (int whole = 0; whole < height; whole++)
            for (int item = 0; wanted[whole] && item < width; item++) {
                int *parts = &present[whole * width + item];
                found += whole && *parts && *parts < wanted[whole];
                *parts = 0;
            }
    }
    free(parent), free(wanted), free(present);
    return found;
}

static int64_t different(const Figure *figures, int64_t count, File published) {
    int64_t n = *(const int64_t *)published.data, found = 0, low = 0;
    const int64_t *keys = (const int64_t *)published.data + 1;
    const double *values = (const double *)(keys + n);
    const int8_t *decimals = (const int8_t *)(values + n);
    for (int64_t i = 0; i < count; i++) {
        int64_t step = 1, key = figures[i].key;
        while (low + step < n && keys[low + step] < key) low += step, step *= 2;
        int64_t high = low + step < n ? low + step : n;
        while (low < high) {
            int64_t middle = low + (high - low) / 2;
            if (keys[middle] < key) low = middle + 1;
            else high = middle;
        }
        if (low == n) break;
        if (keys[low] != key) continue;
        int coarser = figures[i].decimals < decimals[low] ? figures[i].decimals : decimals[low];
        found += fabs(figures[i].value - values[low]) > HALF[coarser];
    }
    return found;
}

/* Peak memory as the kernel tells it, in megabytes. */
static double peak(void) {
    char line[256];
    long kilobytes = 0;
    FILE *file = fopen("/proc/self/status", "r");
    if (!file) fail("/proc/self/status");
    while (fgets(line, sizeof line, file))
        if (sscanf(line, "VmHWM: %ld", &kilobytes) == 1) break;
    fclose(file);
    return (double)kilobytes / 1024;
}

int main(int argc, char **argv) {
    Figure *figures;
    int64_t rows;
    if (argc != 5) return 2;
    int shift = atoi(argv[4]);
    load_codes(argv[3]);
    int64_t other = read_figures(map(argv[1]), shift, &figures, &rows);
    other += twice(figures, rows) + incomplete(figures, rows, shift);
    int64_t conflicts = different(figures, rows, map(argv[2]));
    printf("{\"found\": {\"rows\": %ld, \"conflicts\": %ld, \"other\": %ld}, \"parts\": {}, "
           "\"megabytes\": %.1f}\n",
           (long)rows, (long)conflicts, (long)other, peak());
    return 0;
}
