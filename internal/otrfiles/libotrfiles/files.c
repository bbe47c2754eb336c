/*
 * Lets libotr write and read its three files, for Culver's tests. It is linked
 * to libotr, never shipped, and has no part of libotr in it.
 *
 *   files generate DIR   adds to the files in DIR, making them if need be. Lines
 *                        on stdin: key ACCOUNT PROTOCOL, tag ACCOUNT PROTOCOL,
 *                        known USER ACCOUNT PROTOCOL HEX TRUST
 *   files read DIR       reads the files in DIR; tells in the same lines what it
 *                        understood, with a fingerprint or tag at the end
 *   files atoms          for each line of hexadecimal digits on stdin, tells in
 *                        such digits how libgcrypt prints that atom
 *   files parse          for each line of such digits, tells the atoms in that
 *                        S-expression, or "error"
 *   files try            does nothing, well
 *
 * Fields are separated by tabs. They are written in hexadecimal digits, "-" for
 * the empty one, but for the first.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gcrypt.h>
#include <libotr/instag.h>
#include <libotr/privkey.h>
#include <libotr/proto.h>

static OtrlUserState us;

static FILE *open_in(const char *dir, const char *name, const char *mode)
{
    char path[4096];

    snprintf(path, sizeof path, "%s/%s", dir, name);
    return fopen(path, mode);
}

static void put_hex(const void *bytes, size_t n)
{
    const unsigned char *b = bytes;

    if (!n)
        putchar('-');
    while (n--)
        printf("%02x", *b++);
}

/* Undoes the digits in place; returns how many bytes there are. */
static size_t from_hex(char *s)
{
    size_t n = 0;
    unsigned int v;

    if (*s == '-')
        *s = '\0';
    for (; sscanf(s + 2 * n, "%2x", &v) == 1; n++)
        s[n] = (char)v;
    s[n] = '\0';
    return n;
}

/* Cuts one field off a line. The first byte of a field of two digits is written
 * before they are read again, so fields are undone where they stand. */
static char *field(char **line)
{
    char *tab = strsep(line, "\t\n");

    if (!tab) {
        fputs("a field is missing\n", stderr);
        exit(1);
    }
    return tab;
}

static char *text(char **line)
{
    char *f = field(line);

    from_hex(f);
    return f;
}

static void put_texts(const char *verb, const char *a, const char *b, const char *c)
{
    fputs(verb, stdout);
    putchar('\t');
    put_hex(a, strlen(a));
    putchar('\t');
    put_hex(b, strlen(b));
    putchar('\t');
    if (c) {
        put_hex(c, strlen(c));
        putchar('\t');
    }
}

static void read_all(const char *dir)
{
    FILE *f;
    gcry_error_t e;

    if ((f = open_in(dir, "otr.private_key", "r"))) {
        if ((e = otrl_privkey_read_FILEp(us, f)))
            printf("bad keys %s\n", gcry_strerror(e));
        fclose(f);
    }
    if ((f = open_in(dir, "otr.fingerprints", "r"))) {
        if ((e = otrl_privkey_read_fingerprints_FILEp(us, f, NULL, NULL)))
            printf("bad fingerprints %s\n", gcry_strerror(e));
        fclose(f);
    }
    if ((f = open_in(dir, "otr.instance_tags", "r"))) {
        if ((e = otrl_instag_read_FILEp(us, f)))
            printf("bad tags %s\n", gcry_strerror(e));
        fclose(f);
    }
}

static void tell_all(void)
{
    OtrlPrivKey *k;
    OtrlInsTag *t;
    ConnContext *c;
    Fingerprint *p;

    for (k = us->privkey_root; k; k = k->next) {
        unsigned char fp[20];
        put_texts("key", k->accountname, k->protocol, NULL);
        otrl_privkey_fingerprint_raw(us, fp, k->accountname, k->protocol);
        put_hex(fp, sizeof fp);
        putchar('\n');
    }
    for (c = us->context_root; c; c = c->next) {
        for (p = c->fingerprint_root.next; p; p = p->next) {
            put_texts("known", c->username, c->accountname, c->protocol);
            put_hex(p->fingerprint, 20);
            putchar('\t');
            put_hex(p->trust, p->trust ? strlen(p->trust) : 0);
            putchar('\n');
        }
    }
    for (t = us->instag_root; t; t = t->next) {
        put_texts("tag", t->accountname, t->protocol, NULL);
        printf("%08x\n", t->instag);
    }
}

static void generate(const char *dir)
{
    char *line = NULL;
    size_t cap = 0;
    FILE *f;

    while (getline(&line, &cap, stdin) > 0) {
        char *rest = line, *verb = field(&rest), *user;
        if (!strcmp(verb, "known")) {
            char *account, *protocol, *hex, *trust;
            ConnContext *c;
            int added;
            user = text(&rest);
            account = text(&rest);
            protocol = text(&rest);
            hex = text(&rest);
            trust = text(&rest);
            c = otrl_context_find(us, user, account, protocol, OTRL_INSTAG_MASTER, 1, &added, NULL, NULL);
            otrl_context_set_trust(otrl_context_find_fingerprint(c, (unsigned char *)hex, 1, &added), trust);
            f = open_in(dir, "otr.fingerprints", "w");
            otrl_privkey_write_fingerprints_FILEp(us, f);
        } else {
            char *account = text(&rest), *protocol = text(&rest);
            gcry_error_t e;
            if (!strcmp(verb, "key")) {
                f = open_in(dir, "otr.private_key", "w+");
                e = otrl_privkey_generate_FILEp(us, f, account, protocol);
            } else {
                f = open_in(dir, "otr.instance_tags", "w");
                e = otrl_instag_generate_FILEp(us, f, account, protocol);
            }
            if (e) {
                fprintf(stderr, "%s: %s\n", verb, gcry_strerror(e));
                exit(1);
            }
        }
        fclose(f);
    }
    free(line);
}

static void atoms(void)
{
    char *line = NULL;
    size_t cap = 0;

    while (getline(&line, &cap, stdin) > 0) {
        size_t n = from_hex(line), size;
        gcry_sexp_t s;
        char *out;
        if (gcry_sexp_build(&s, NULL, "(a %b)", (int)n, line))
            exit(1);
        size = gcry_sexp_sprint(s, GCRYSEXP_FMT_ADVANCED, NULL, 0);
        out = calloc(1, size + 1);
        gcry_sexp_sprint(s, GCRYSEXP_FMT_ADVANCED, out, size);
        put_hex(out, size);
        putchar('\n');
        free(out);
        gcry_sexp_release(s);
    }
    free(line);
}

/* Tells the atoms of a list, and of those in it. */
static void walk(gcry_sexp_t s)
{
    int i;

    putchar('(');
    for (i = 0; i < gcry_sexp_length(s); i++) {
        size_t n;
        const char *data = gcry_sexp_nth_data(s, i, &n);
        gcry_sexp_t list = data ? NULL : gcry_sexp_nth(s, i);
        if (list) {
            walk(list);
            gcry_sexp_release(list);
        } else {
            put_hex(data, data ? n : 0);
        }
        putchar(' ');
    }
    putchar(')');
}

static void parse(void)
{
    char *line = NULL;
    size_t cap = 0;

    while (getline(&line, &cap, stdin) > 0) {
        size_t n = from_hex(line);
        gcry_sexp_t s;
        if (gcry_sexp_new(&s, line, n, 0)) {
            puts("error");
            continue;
        }
        walk(s);
        putchar('\n');
        gcry_sexp_release(s);
    }
    free(line);
}

int main(int argc, char **argv)
{
    gcry_control(GCRYCTL_ENABLE_QUICK_RANDOM, 0);
    OTRL_INIT;
    us = otrl_userstate_create();
    if (argc == 3 && !strcmp(argv[1], "generate")) {
        read_all(argv[2]);
        generate(argv[2]);
    } else if (argc == 3 && !strcmp(argv[1], "read")) {
        read_all(argv[2]);
        tell_all();
    } else if (argc == 2 && !strcmp(argv[1], "atoms")) {
        atoms();
    } else if (argc == 2 && !strcmp(argv[1], "parse")) {
        parse();
    } else if (argc != 2 || strcmp(argv[1], "try")) {
        fputs("usage: files generate|read DIR, or files atoms|parse|try\n", stderr);
        return 2;
    }
    otrl_userstate_free(us);
    return 0;
}
