/*
 * One operation of libotr, repeated and measured, both sides of the
 * conversation in this process. Culver's engine does the same in
 * ../culverbench; ../main.go sets them beside each other. It is linked to
 * libotr, never shipped, and has no part of libotr in it.
 *
 *   libotrbench keys DIR             makes the two long-term keys; prints their numbers
 *   libotrbench OPERATION N DIR      runs the operation N times, with these keys
 *
 * What is printed is lines of a name and a value: what was measured, and what
 * proves that the work was done.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <gcrypt.h>
#include <libotr/proto.h>
#include <libotr/message.h>
#include <libotr/privkey.h>
#include <libotr/instag.h>
#include <libotr/version.h>

#define PROTOCOL "prpl-jabber"
#define BIG_TEXT 65536
#define SHORT_TEXT 100

static void die(const char *what, const char *why)
{
    fprintf(stderr, "libotrbench: %s: %s\n", what, why);
    exit(1);
}

/* ---- the two ends, and what passes between them ---- */

struct end {
    const char *name;
    OtrlUserState us;
    struct end *other;
    const char *peer; /* whom this end talks to now */
    char key_ids[12]; /* as they stood in its last data message */
    int asked;        /* the peer began SMP */
};

static struct end alice = {.name = "alice@localhost"}, bob = {.name = "bob@localhost"};

/* What was done, to be compared with the other implementation. */
static struct {
    long messages;  /* encoded messages, or the first fragments of them */
    long fragments;
    long wire;      /* bytes of messages and fragments */
    long plaintext; /* bytes that arrived as they were sent */
    long rotations; /* messages with other D-H key ids than the last of that end */
    long smp;       /* sides that saw SMP succeed */
    long secured;   /* sides that saw a key exchange succeed */
} done;

/*
 * A data message of version 3 begins, encoded, with "?OTR:AAMD"; its bytes 12
 * to 19, the ids of the D-H keys, are characters 16 to 26 after "?OTR:".
 */
static void tally(struct end *from, const char *message, size_t n)
{
    if (n > 32 && !memcmp(message, "?OTR:", 5)) {
        done.messages++;
        done.wire += (long)n;
        if (!memcmp(message + 5, "AAMD", 4) && memcmp(message + 21, from->key_ids, 11)) {
            if (from->key_ids[0])
                done.rotations++;
            memcpy(from->key_ids, message + 21, 11);
        }
    } else if (n > 32 && !memcmp(message, "?OTR|", 5)) {
        done.fragments++;
        done.wire += (long)n;
        if (!memcmp(message + 23, "00001,", 6))
            done.messages++;
    }
}

/* The wire: first in, first out. Its buffers are kept, to cost little. */
static struct message {
    struct end *to;
    char *text;
    size_t cap;
} *wire;
static size_t wire_first, wire_end, wire_cap;

static void put(struct end *to, const char *text)
{
    size_t n = strlen(text) + 1;
    struct message *m;

    tally(to->other, text, n - 1);
    if (wire_end == wire_cap) {
        size_t cap = wire_cap ? 2 * wire_cap : 16;
        wire = realloc(wire, cap * sizeof *wire);
        memset(wire + wire_cap, 0, (cap - wire_cap) * sizeof *wire);
        wire_cap = cap;
    }
    m = &wire[wire_end++];
    if (m->cap < n)
        m->text = realloc(m->text, m->cap = n);
    memcpy(m->text, text, n);
    m->to = to;
}

/* ---- what libotr asks and tells; opdata is the end ---- */

static size_t max_message;

static OtrlPolicy op_policy(void *d, ConnContext *c) { (void)d; (void)c; return OTRL_POLICY_ALLOW_V3; }

static int op_is_logged_in(void *d, const char *a, const char *p, const char *r)
{
    (void)d; (void)a; (void)p; (void)r;
    return 1;
}

static void op_inject(void *d, const char *a, const char *p, const char *r, const char *m)
{
    (void)a; (void)p; (void)r;
    put(((struct end *)d)->other, m);
}

static void op_gone_secure(void *d, ConnContext *c) { (void)d; (void)c; done.secured++; }
static int op_max_message_size(void *d, ConnContext *c) { (void)d; (void)c; return (int)max_message; }

static void op_smp_event(void *d, OtrlSMPEvent e, ConnContext *c, unsigned short percent, char *question)
{
    (void)c; (void)percent; (void)question;
    switch (e) {
    case OTRL_SMPEVENT_ASK_FOR_SECRET: ((struct end *)d)->asked = 1; break;
    case OTRL_SMPEVENT_IN_PROGRESS: break;
    case OTRL_SMPEVENT_SUCCESS: done.smp++; break;
    default: die("smp", "it did not succeed");
    }
}

static void op_msg_event(void *d, OtrlMessageEvent e, ConnContext *c, const char *message, gcry_error_t err)
{
    (void)d; (void)c; (void)message; (void)err;
    if (e != OTRL_MSGEVENT_LOG_HEARTBEAT_RCVD) /* a message of SMP has no text */
        die("message", "it was not taken as it should");
}

static OtrlMessageAppOps ops = {
    .policy = op_policy,
    .is_logged_in = op_is_logged_in,
    .inject_message = op_inject,
    .gone_secure = op_gone_secure,
    .max_message_size = op_max_message_size,
    .handle_smp_event = op_smp_event,
    .handle_msg_event = op_msg_event,
};

/* ---- the steps of a conversation ---- */

static char short_text[SHORT_TEXT + 1], big_text[BIG_TEXT + 1];

/* Gives an end what came; a text has to be the one that was sent. */
static void receive(struct end *to, const char *message, const char *sent)
{
    char *text = NULL;
    OtrlTLV *tlvs = NULL;

    if (!otrl_message_receiving(to->us, &ops, to, to->name, PROTOCOL, to->peer, message, &text, &tlvs, NULL, NULL, NULL)) {
        if (!text || !sent || strcmp(text, sent))
            die("receive", "another text than was sent");
        done.plaintext += (long)strlen(text);
    }
    otrl_tlv_free(tlvs);
    otrl_message_free(text);
}

/* Carries everything until both ends are silent. */
static void deliver(const char *sent)
{
    while (wire_first < wire_end) {
        struct message m = wire[wire_first++];
        receive(m.to, m.text, sent);
    }
    wire_first = wire_end = 0;
}

static void say(struct end *from, const char *text)
{
    char *changed = NULL;

    if (otrl_message_sending(from->us, &ops, from, from->name, PROTOCOL, from->peer, OTRL_INSTAG_BEST, text, NULL, &changed,
                             OTRL_FRAGMENT_SEND_ALL, NULL, NULL, NULL))
        die("send", "libotr would not");
    otrl_message_free(changed);
    deliver(text);
}

static void exchange_keys(void)
{
    char *query = otrl_proto_default_query_msg(alice.name, OTRL_POLICY_ALLOW_V3);

    put(&bob, query);
    free(query);
    deliver(NULL);
}

static void forget(struct end *e)
{
    ConnContext *c;

    for (c = e->us->context_root; c; c = c->next)
        otrl_context_force_plaintext(c);
    otrl_context_forget_all(e->us);
}

static ConnContext *context(struct end *e)
{
    ConnContext *c = otrl_context_find(e->us, e->peer, e->name, PROTOCOL, OTRL_INSTAG_BEST, 0, NULL, NULL, NULL);

    if (!c || c->msgstate != OTRL_MSGSTATE_ENCRYPTED)
        die(e->name, "not encrypted");
    return c;
}

/* ---- the operations ---- */

static struct end *turn;

static void op_ake(void)
{
    exchange_keys();
    context(&alice);
    context(&bob);
    forget(&alice);
    forget(&bob);
}

static void op_oneway(void) { say(&alice, short_text); }

static void op_pingpong(void)
{
    say(turn, short_text);
    turn = turn->other;
}

static void op_fragments(void) { say(&alice, big_text); }

static void op_smp(void)
{
    otrl_message_initiate_smp(alice.us, &ops, &alice, context(&alice), (const unsigned char *)short_text, SHORT_TEXT);
    deliver(NULL);
    if (!bob.asked)
        die("smp", "bob was not asked");
    bob.asked = 0;
    otrl_message_respond_smp(bob.us, &ops, &bob, context(&bob), (const unsigned char *)short_text, SHORT_TEXT);
    deliver(NULL);
}

static void op_keygen(void)
{
    void *key;

    if (otrl_privkey_generate_start(alice.us, "new", PROTOCOL, &key) || otrl_privkey_generate_calculate(key))
        die("keygen", "libotr would not");
    otrl_privkey_generate_cancelled(alice.us, key);
}

/* One more conversation, which stays: four messages, so that keys rotate. */
static void op_memory(void)
{
    static int number;
    char name[32];
    int i;

    snprintf(name, sizeof name, "buddy%d@localhost", number++);
    alice.peer = bob.peer = strdup(name);
    alice.key_ids[0] = bob.key_ids[0] = 0;
    exchange_keys();
    for (i = 0; i < 4; i++)
        op_pingpong();
}

static const struct operation {
    const char *name;
    void (*run)(void);
    int encrypted; /* it wants a private conversation to be there */
    int warm;      /* times that it is run before */
    int single;    /* each run is measured by itself */
} operations[] = {
    {"keygen", op_keygen, 0, 0, 0},
    {"ake", op_ake, 0, 1, 0},
    {"oneway", op_oneway, 1, 100, 0},
    {"pingpong", op_pingpong, 1, 10, 0},
    {"foreground", op_pingpong, 1, 10, 1},
    {"fragments", op_fragments, 1, 2, 0},
    {"smp", op_smp, 1, 1, 0},
    {"memory", op_memory, 0, 10, 0},
};

/* ---- measuring ---- */

static long nanoseconds(clockid_t clock)
{
    struct timespec t;

    if (clock_gettime(clock, &t))
        die("clock", "there is none");
    return t.tv_sec * 1000000000L + t.tv_nsec;
}

/* The memory of this process that is in use, in bytes; 0 where nobody tells. */
static long resident(void)
{
    FILE *f = fopen("/proc/self/statm", "r");
    long size, pages = 0;

    if (!f)
        return 0;
    if (fscanf(f, "%ld %ld", &size, &pages) != 2)
        pages = 0;
    fclose(f);
    return pages * sysconf(_SC_PAGESIZE);
}

static void measure(const struct operation *o, int n)
{
    long cpu, memory, *samples = calloc((size_t)n, sizeof *samples);
    int i;

    if (o->encrypted)
        exchange_keys();
    for (i = 0; i < o->warm; i++)
        o->run();
    memset(&done, 0, sizeof done);
    memory = resident();
    cpu = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);
    for (i = 0; i < n; i++) {
        if (o->single)
            samples[i] = -nanoseconds(CLOCK_THREAD_CPUTIME_ID);
        o->run();
        if (o->single)
            samples[i] += nanoseconds(CLOCK_THREAD_CPUTIME_ID);
    }
    cpu = nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    printf("cpu_ns %ld\nmemory_bytes %ld\n", cpu, resident() - memory);
    for (i = 0; o->single && i < n; i++)
        printf("sample_ns %ld\n", samples[i]);
}

/* ---- keys ---- */

static void key_file(char *path, size_t n, const char *dir, const struct end *e)
{
    snprintf(path, n, "%s/%s.key", dir, e->name);
}

static void print_number(const char *name, gcry_sexp_t key)
{
    gcry_sexp_t pair = gcry_sexp_find_token(key, name, 0);
    gcry_mpi_t number = gcry_sexp_nth_mpi(pair, 1, GCRYMPI_FMT_USG);
    unsigned char *hex;

    gcry_mpi_aprint(GCRYMPI_FMT_HEX, &hex, NULL, number);
    printf(" %s", hex);
    gcry_free(hex);
    gcry_mpi_release(number);
    gcry_sexp_release(pair);
}

static void make_key(struct end *e, const char *dir)
{
    static const char *names[] = {"p", "q", "g", "y", "x"};
    char path[4096];
    size_t i;

    key_file(path, sizeof path, dir, e);
    if (otrl_privkey_generate(e->us, path, e->name, PROTOCOL))
        die("make a key", path);
    fputs("key", stdout);
    for (i = 0; i < sizeof names / sizeof *names; i++)
        print_number(names[i], otrl_privkey_find(e->us, e->name, PROTOCOL)->privkey);
    putchar('\n');
}

static void load_key(struct end *e, const char *dir)
{
    char path[4096];
    FILE *f = tmpfile();

    key_file(path, sizeof path, dir, e);
    if (otrl_privkey_read(e->us, path))
        die("read a key", path);
    if (!f || otrl_instag_generate_FILEp(e->us, f, e->name, PROTOCOL))
        die("instance tag", e->name);
    fclose(f);
}

static void print_fingerprint(struct end *e)
{
    unsigned char fp[20];
    int i;

    if (!otrl_privkey_fingerprint_raw(e->us, fp, e->name, PROTOCOL))
        die("fingerprint", e->name);
    fputs("fingerprint ", stdout);
    for (i = 0; i < 20; i++)
        printf("%02x", fp[i]);
    putchar('\n');
}

int main(int argc, char **argv)
{
    size_t i;
    int n;

    gcry_control(GCRYCTL_ENABLE_QUICK_RANDOM, 0); /* in libotr's favour: it need not wait for randomness */
    OTRL_INIT;
    alice.other = &bob;
    bob.other = &alice;
    alice.peer = bob.name;
    bob.peer = alice.name;
    alice.us = otrl_userstate_create();
    bob.us = otrl_userstate_create();
    turn = &alice;
    memset(short_text, 'x', SHORT_TEXT);
    memset(big_text, 'x', BIG_TEXT);

    if (argc == 2 && !strcmp(argv[1], "version")) {
        printf("libotr %s, libgcrypt %s\n", otrl_version(), gcry_check_version(NULL));
        return 0;
    }
    if (argc == 3 && !strcmp(argv[1], "keys")) {
        make_key(&alice, argv[2]);
        make_key(&bob, argv[2]);
        return 0;
    }
    if (argc != 4 || (n = atoi(argv[2])) <= 0)
        die("usage", "version | keys DIR | OPERATION N DIR");
    load_key(&alice, argv[3]);
    load_key(&bob, argv[3]);
    for (i = 0; i < sizeof operations / sizeof *operations; i++) {
        const struct operation *o = &operations[i];
        if (strcmp(argv[1], o->name))
            continue;
        max_message = strcmp(o->name, "fragments") ? 0 : 400;
        measure(o, n);
        printf("operations %d\nsecured %ld\nmessages %ld\nfragments %ld\nrotations %ld\nplaintext %ld\nsmp %ld\nwire %ld\n", n,
               done.secured, done.messages, done.fragments, done.rotations, done.plaintext, done.smp, done.wire);
        print_fingerprint(&alice);
        print_fingerprint(&bob);
        return 0;
    }
    die(argv[1], "no such operation");
}
