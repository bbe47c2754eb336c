/*
 * A pipe peer (see docs/otrpipe.md) over Debian's libotr: the real thing for
 * Culver's own engine to talk to in tests. It is linked to libotr, never
 * shipped, and has no part of libotr in it.
 *
 * Usage: peer [KEYFILE [TAG [SEED]]]. The long-term key is read from KEYFILE, or
 * made and written there. TAG is the instance tag, in hex; without it one is
 * drawn. With a SEED, a number, the peer draws the same random numbers each
 * time, and its clock starts at the same moment.
 */
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#include <gcrypt.h>
#include <libotr/proto.h>
#include <libotr/message.h>
#include <libotr/privkey.h>
#include <libotr/instag.h>

#define ACCOUNT "me@localhost"
#define PROTOCOL "prpl-jabber"
#define PEER "peer@localhost"

static OtrlUserState us;
static OtrlPolicy policy = OTRL_POLICY_MANUAL;
static int max_message;
static long clock_offset;
static int converted; /* the message being received was encrypted */
static otrl_instag_t target = OTRL_INSTAG_BEST;

static uint64_t seed; /* 0: none */

/* Override libgcrypt's random numbers for libotr, so that what it does can be
 * repeated. (Only signatures, which libgcrypt makes itself, differ then.) */
void gcry_randomize(void *buf, size_t n, enum gcry_random_level level)
{
    unsigned char *b = buf;

    (void)level;
    if (!seed) {
        gcry_create_nonce(buf, n);
        return;
    }
    while (n--) {
        uint64_t z = seed += 0x9e3779b97f4a7c15;
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
        z = (z ^ z >> 27) * 0x94d049bb133111eb;
        *b++ = (unsigned char)(z >> 56);
    }
}

void *gcry_random_bytes(size_t n, enum gcry_random_level level)
{
    void *b = gcry_xmalloc(n);

    gcry_randomize(b, n, level);
    return b;
}

void *gcry_random_bytes_secure(size_t n, enum gcry_random_level level)
{
    void *b = gcry_xmalloc_secure(n);

    gcry_randomize(b, n, level);
    return b;
}

/* Overrides libc's clock for libotr too, so that tests need not wait. */
time_t time(time_t *t)
{
    struct timeval tv;
    time_t now;

    gettimeofday(&tv, NULL);
    now = (seed ? 1700000000 : tv.tv_sec) + clock_offset;
    if (t)
        *t = now;
    return now;
}

/* ---- lines ---- */

static void put_escaped(const char *s, size_t n)
{
    size_t i;

    if (n == 0)
        fputs("\\e", stdout);
    for (i = 0; i < n; i++) {
        unsigned char c = (unsigned char)s[i];
        switch (c) {
        case '\\': fputs("\\\\", stdout); break;
        case '\n': fputs("\\n", stdout); break;
        case '\r': fputs("\\r", stdout); break;
        case '\t': fputs("\\t", stdout); break;
        case ' ': fputs("\\s", stdout); break;
        default:
            if (c < 0x20 || c == 0x7f)
                printf("\\x%02x", c);
            else
                putchar(c);
        }
    }
}

static void put_hex(const unsigned char *b, size_t n)
{
    size_t i;

    if (n == 0)
        fputs("\\e", stdout);
    for (i = 0; i < n; i++)
        printf("%02x", b[i]);
}

static int hex_digit(int c)
{
    return isdigit(c) ? c - '0' : tolower(c) - 'a' + 10;
}

/* Undoes the escapes in place. */
static void unescape(char *s)
{
    char *out = s;

    while (*s) {
        if (*s != '\\') {
            *out++ = *s++;
            continue;
        }
        switch (*++s) {
        case 'n': *out++ = '\n'; break;
        case 'r': *out++ = '\r'; break;
        case 't': *out++ = '\t'; break;
        case 's': *out++ = ' '; break;
        case 'e': break;
        case 'x':
            if (isxdigit((unsigned char)s[1]) && isxdigit((unsigned char)s[2])) {
                *out++ = (char)(hex_digit(s[1]) << 4 | hex_digit(s[2]));
                s += 2;
            }
            break;
        case '\0': continue;
        default: *out++ = *s;
        }
        s++;
    }
    *out = '\0';
}

/* Cuts one field off the front of *rest. */
static char *field(char **rest)
{
    char *start = *rest, *space = strchr(start, ' ');

    if (space) {
        *space = '\0';
        *rest = space + 1;
    } else {
        *rest = start + strlen(start);
    }
    unescape(start);
    return start;
}

static char *last_field(char **rest)
{
    char *start = *rest;

    *rest = start + strlen(start);
    unescape(start);
    return start;
}

static size_t from_hex(const char *s, unsigned char *out, size_t max)
{
    size_t n = 0;

    while (isxdigit((unsigned char)s[0]) && isxdigit((unsigned char)s[1]) && n < max) {
        out[n++] = (unsigned char)(hex_digit(s[0]) << 4 | hex_digit(s[1]));
        s += 2;
    }
    return n;
}

static void wire(const char *message)
{
    fputs("wire ", stdout);
    put_escaped(message, strlen(message));
    putchar('\n');
}

static void deliver(const char *how, const char *text)
{
    printf("deliver %s ", how);
    put_escaped(text, strlen(text));
    putchar('\n');
}

/* ---- what libotr asks and tells ---- */

static OtrlMessageAppOps ops;

static OtrlPolicy op_policy(void *d, ConnContext *c) { (void)d; (void)c; return policy; }

static void op_create_privkey(void *d, const char *a, const char *p) { (void)d; (void)a; (void)p; }

static int op_is_logged_in(void *d, const char *a, const char *p, const char *r)
{
    (void)d; (void)a; (void)p; (void)r;
    return 1;
}

static void op_inject(void *d, const char *a, const char *p, const char *r, const char *m)
{
    (void)d; (void)a; (void)p; (void)r;
    wire(m);
}

static void op_new_fingerprint(void *d, OtrlUserState u, const char *a, const char *p, const char *n, unsigned char fp[20])
{
    (void)d; (void)u; (void)a; (void)p; (void)n;
    fputs("event new-fingerprint fp=", stdout);
    put_hex(fp, 20);
    putchar('\n');
}

static void op_gone_secure(void *d, ConnContext *c) { (void)d; (void)c; puts("event gone-secure"); }
static void op_gone_insecure(void *d, ConnContext *c) { (void)d; (void)c; puts("event gone-insecure"); }
static void op_still_secure(void *d, ConnContext *c, int r) { (void)d; (void)c; (void)r; puts("event still-secure"); }
static int op_max_message_size(void *d, ConnContext *c) { (void)d; (void)c; return max_message; }

static void op_received_symkey(void *d, ConnContext *c, unsigned int use, const unsigned char *data, size_t n,
                               const unsigned char *key)
{
    (void)d; (void)c;
    printf("extrakey received %u ", use);
    put_hex(data, n);
    putchar(' ');
    put_hex(key, OTRL_EXTRAKEY_BYTES);
    putchar('\n');
}

static const char *op_error_message(void *d, ConnContext *c, OtrlErrorCode code)
{
    (void)d; (void)c;
    switch (code) {
    case OTRL_ERRCODE_ENCRYPTION_ERROR: return "cannot encrypt";
    case OTRL_ERRCODE_MSG_NOT_IN_PRIVATE: return "not in private";
    case OTRL_ERRCODE_MSG_UNREADABLE: return "unreadable";
    default: return "malformed";
    }
}

static void op_free_constant(void *d, const char *s) { (void)d; (void)s; }

static void op_smp_event(void *d, OtrlSMPEvent e, ConnContext *c, unsigned short percent, char *question)
{
    const char *name = "error";

    (void)d;
    switch (e) {
    case OTRL_SMPEVENT_ASK_FOR_SECRET: name = "ask-secret"; break;
    case OTRL_SMPEVENT_ASK_FOR_ANSWER: name = "ask-answer"; break;
    case OTRL_SMPEVENT_IN_PROGRESS: name = "progress"; break;
    case OTRL_SMPEVENT_SUCCESS: name = "success"; break;
    case OTRL_SMPEVENT_FAILURE: name = "failure"; break;
    case OTRL_SMPEVENT_ABORT: name = "abort"; break;
    case OTRL_SMPEVENT_CHEATED: name = "cheated"; break;
    default: break;
    }
    printf("smp %s %u", name, percent);
    if (question) {
        putchar(' ');
        put_escaped(question, strlen(question));
    }
    putchar('\n');
    if (e == OTRL_SMPEVENT_CHEATED || e == OTRL_SMPEVENT_ERROR)
        otrl_message_abort_smp(us, &ops, NULL, c);
}

static void op_msg_event(void *d, OtrlMessageEvent e, ConnContext *c, const char *message, gcry_error_t err)
{
    const char *name = "unknown";

    (void)d; (void)c; (void)err;
    switch (e) {
    case OTRL_MSGEVENT_ENCRYPTION_REQUIRED: name = "encryption-required"; break;
    case OTRL_MSGEVENT_ENCRYPTION_ERROR: name = "encryption-error"; break;
    case OTRL_MSGEVENT_CONNECTION_ENDED: name = "connection-ended"; break;
    case OTRL_MSGEVENT_SETUP_ERROR: name = "setup-failed"; break;
    case OTRL_MSGEVENT_MSG_REFLECTED: name = "reflected"; break;
    case OTRL_MSGEVENT_MSG_RESENT: name = "resent"; break;
    case OTRL_MSGEVENT_RCVDMSG_NOT_IN_PRIVATE: name = "not-in-private"; break;
    case OTRL_MSGEVENT_RCVDMSG_UNREADABLE: name = "unreadable"; break;
    case OTRL_MSGEVENT_RCVDMSG_MALFORMED: name = "malformed"; break;
    case OTRL_MSGEVENT_LOG_HEARTBEAT_RCVD: name = "heartbeat-received"; break;
    case OTRL_MSGEVENT_LOG_HEARTBEAT_SENT: name = "heartbeat-sent"; break;
    case OTRL_MSGEVENT_RCVDMSG_GENERAL_ERR: name = "error"; break;
    case OTRL_MSGEVENT_RCVDMSG_UNENCRYPTED: name = "unencrypted"; break;
    case OTRL_MSGEVENT_RCVDMSG_UNRECOGNIZED: name = "unrecognized"; break;
    case OTRL_MSGEVENT_RCVDMSG_FOR_OTHER_INSTANCE: name = "other-instance"; break;
    default: break;
    }
    printf("event %s", name);
    if (message && e == OTRL_MSGEVENT_RCVDMSG_GENERAL_ERR) {
        fputs(" text=", stdout);
        put_escaped(message, strlen(message));
    }
    putchar('\n');
    if (e == OTRL_MSGEVENT_RCVDMSG_UNENCRYPTED && message)
        deliver("warn", message);
}

static void op_create_instag(void *d, const char *a, const char *p)
{
    FILE *f = tmpfile();

    (void)d;
    otrl_instag_generate_FILEp(us, f, a, p);
    fclose(f);
}

static void op_convert(void *d, ConnContext *c, OtrlConvertType type, char **dest, const char *src)
{
    (void)d; (void)c;
    if (type == OTRL_CONVERT_RECEIVING)
        converted = 1;
    *dest = strdup(src);
}

static void op_convert_free(void *d, ConnContext *c, char *s) { (void)d; (void)c; free(s); }

static OtrlMessageAppOps ops = {
    .policy = op_policy,
    .create_privkey = op_create_privkey,
    .is_logged_in = op_is_logged_in,
    .inject_message = op_inject,
    .new_fingerprint = op_new_fingerprint,
    .gone_secure = op_gone_secure,
    .gone_insecure = op_gone_insecure,
    .still_secure = op_still_secure,
    .max_message_size = op_max_message_size,
    .received_symkey = op_received_symkey,
    .otr_error_message = op_error_message,
    .otr_error_message_free = op_free_constant,
    .handle_smp_event = op_smp_event,
    .handle_msg_event = op_msg_event,
    .create_instag = op_create_instag,
    .convert_msg = op_convert,
    .convert_free = op_convert_free,
};

/* ---- commands ---- */

static ConnContext *context(void)
{
    return otrl_context_find(us, PEER, ACCOUNT, PROTOCOL, target, 0, NULL, NULL, NULL);
}

/* The context if it is private. While keys are exchanged anew libotr may have
 * forgotten whose they are; asked for SMP then, it crashes. */
static ConnContext *encrypted(void)
{
    ConnContext *c = context();

    return c && c->msgstate == OTRL_MSGSTATE_ENCRYPTED && c->active_fingerprint ? c : NULL;
}

static void do_recv(const char *message)
{
    char *changed = NULL;
    OtrlTLV *tlvs = NULL, *t;
    ConnContext *c = NULL;
    int internal;

    converted = 0;
    internal = otrl_message_receiving(us, &ops, NULL, ACCOUNT, PROTOCOL, PEER, message, &changed, &tlvs, &c, NULL, NULL);
    if (!internal) {
        const char *text = changed ? changed : message;
        if (*text || !converted)
            deliver(converted ? "encrypted" : "plain", text);
    }
    if (otrl_tlv_find(tlvs, OTRL_TLV_DISCONNECTED))
        puts("event peer-ended");
    for (t = tlvs; t; t = t->next) {
        if (t->type <= OTRL_TLV_SYMKEY)
            continue;
        printf("tlv %u ", t->type);
        put_hex(t->data, t->len);
        putchar('\n');
    }
    otrl_tlv_free(tlvs);
    otrl_message_free(changed);
}

static int do_send(const char *text, OtrlTLV *tlvs)
{
    char *changed = NULL;
    gcry_error_t err = otrl_message_sending(us, &ops, NULL, ACCOUNT, PROTOCOL, PEER, target, text, tlvs, &changed,
                                            OTRL_FRAGMENT_SEND_ALL, NULL, NULL, NULL);

    if (!err && !changed)
        wire(text);
    otrl_message_free(changed);
    return err ? -1 : 0;
}

static void do_policy(char *rest)
{
    OtrlPolicy p = 0;

    while (*rest) {
        char *w = field(&rest);
        if (!strcmp(w, "v2")) p |= OTRL_POLICY_ALLOW_V2;
        else if (!strcmp(w, "v3")) p |= OTRL_POLICY_ALLOW_V3;
        else if (!strcmp(w, "require")) p |= OTRL_POLICY_REQUIRE_ENCRYPTION;
        else if (!strcmp(w, "whitespace")) p |= OTRL_POLICY_SEND_WHITESPACE_TAG;
        else if (!strcmp(w, "whitespace-start")) p |= OTRL_POLICY_WHITESPACE_START_AKE;
        else if (!strcmp(w, "error-start")) p |= OTRL_POLICY_ERROR_START_AKE;
        else if (!strcmp(w, "manual")) p |= OTRL_POLICY_MANUAL;
        else if (!strcmp(w, "opportunistic")) p |= OTRL_POLICY_OPPORTUNISTIC;
        else if (!strcmp(w, "always")) p |= OTRL_POLICY_ALWAYS;
    }
    policy = p;
}

static void do_status(void)
{
    static const char *states[] = {"plaintext", "encrypted", "finished"};
    ConnContext *c = context();
    OtrlInsTag *tag = otrl_instag_find(us, ACCOUNT, PROTOCOL);
    const char *trust;

    if (!c) {
        printf("state plaintext v=0 fp=\\e ssid=\\e half=first trust=\\e ourtag=%08x theirtag=0\n", tag->instag);
        return;
    }
    printf("state %s v=%u fp=", states[c->msgstate], c->protocol_version);
    if (c->active_fingerprint)
        put_hex(c->active_fingerprint->fingerprint, 20);
    else
        put_hex(NULL, 0);
    fputs(" ssid=", stdout);
    put_hex(c->sessionid, c->msgstate == OTRL_MSGSTATE_ENCRYPTED ? c->sessionid_len : 0);
    trust = c->active_fingerprint && c->active_fingerprint->trust ? c->active_fingerprint->trust : "";
    printf(" half=%s trust=", c->sessionid_half == OTRL_SESSIONID_FIRST_HALF_BOLD ? "first" : "second");
    put_escaped(trust, strlen(trust));
    printf(" ourtag=%08x theirtag=%08x\n", tag->instag, c->their_instance);
}

static void do_drop(void)
{
    ConnContext *c;

    for (c = us->context_root; c; c = c->next)
        otrl_context_force_plaintext(c);
    otrl_context_forget_all(us);
}

static const char *do_instance(const char *which)
{
    if (!strcmp(which, "best")) target = OTRL_INSTAG_BEST;
    else if (!strcmp(which, "recent")) target = OTRL_INSTAG_RECENT;
    else if (!strcmp(which, "master")) target = OTRL_INSTAG_MASTER;
    else target = (otrl_instag_t)strtoul(which, NULL, 16);
    return context() ? NULL : "no such instance";
}

/* Runs one command; returns NULL or why it failed. */
static const char *run(const char *verb, char *rest)
{
    ConnContext *c;

    if (!strcmp(verb, "recv")) {
        do_recv(last_field(&rest));
    } else if (!strcmp(verb, "send")) {
        return do_send(last_field(&rest), NULL) ? "cannot send" : NULL;
    } else if (!strcmp(verb, "start")) {
        char *q = otrl_proto_default_query_msg(ACCOUNT, policy);
        wire(q);
        free(q);
    } else if (!strcmp(verb, "end")) {
        otrl_message_disconnect_all_instances(us, &ops, NULL, ACCOUNT, PROTOCOL, PEER);
    } else if (!strcmp(verb, "smp") || !strcmp(verb, "smpq")) {
        char *secret = verb[3] ? field(&rest) : last_field(&rest);
        if (!(c = encrypted()))
            return "not encrypted";
        if (verb[3])
            otrl_message_initiate_smp_q(us, &ops, NULL, c, last_field(&rest), (unsigned char *)secret, strlen(secret));
        else
            otrl_message_initiate_smp(us, &ops, NULL, c, (unsigned char *)secret, strlen(secret));
    } else if (!strcmp(verb, "answer")) {
        char *secret = last_field(&rest);
        if (!(c = encrypted()))
            return "not encrypted";
        if (!c->smstate->g3o) /* libotr would crash */
            return "not asked";
        otrl_message_respond_smp(us, &ops, NULL, c, (unsigned char *)secret, strlen(secret));
    } else if (!strcmp(verb, "abort")) {
        if (!(c = encrypted()))
            return "not encrypted";
        otrl_message_abort_smp(us, &ops, NULL, c);
    } else if (!strcmp(verb, "extrakey")) {
        unsigned char key[OTRL_EXTRAKEY_BYTES], data[4096];
        unsigned int use = (unsigned int)strtoul(field(&rest), NULL, 10);
        size_t n = from_hex(last_field(&rest), data, sizeof data);
        if (!(c = encrypted()) || otrl_message_symkey(us, &ops, NULL, c, use, data, n, key))
            return "not encrypted";
        printf("extrakey sent %u ", use);
        put_hex(data, n);
        putchar(' ');
        put_hex(key, sizeof key);
        putchar('\n');
    } else if (!strcmp(verb, "tlv")) {
        unsigned char data[4096];
        unsigned short type = (unsigned short)strtoul(field(&rest), NULL, 10);
        size_t n = from_hex(field(&rest), data, sizeof data);
        OtrlTLV *t = otrl_tlv_new(type, (unsigned short)n, data);
        int failed = do_send(last_field(&rest), t);
        otrl_tlv_free(t);
        return failed ? "cannot send" : NULL;
    } else if (!strcmp(verb, "tlvs")) {
        unsigned char data[4096];
        OtrlTLV *first = NULL, **end = &first;
        int count = atoi(field(&rest)), failed;
        while (count-- > 0) {
            unsigned short type = (unsigned short)strtoul(field(&rest), NULL, 10);
            size_t n = from_hex(field(&rest), data, sizeof data);
            *end = otrl_tlv_new(type, (unsigned short)n, data);
            end = &(*end)->next;
        }
        failed = do_send(last_field(&rest), first);
        otrl_tlv_free(first);
        return failed ? "cannot send" : NULL;
    } else if (!strcmp(verb, "heartbeat")) {
        char *m = NULL;
        if (!(c = encrypted()) || otrl_proto_create_data(&m, c, "", NULL, OTRL_MSGFLAGS_IGNORE_UNREADABLE, NULL))
            return "not encrypted";
        wire(m);
        free(m);
    } else if (!strcmp(verb, "fragment")) {
        max_message = atoi(last_field(&rest));
    } else if (!strcmp(verb, "policy")) {
        do_policy(rest);
    } else if (!strcmp(verb, "clock")) {
        clock_offset += atol(last_field(&rest));
    } else if (!strcmp(verb, "poll")) {
        otrl_message_poll(us, &ops, NULL);
    } else if (!strcmp(verb, "trust")) {
        if (!(c = context()) || !c->active_fingerprint)
            return "no fingerprint";
        otrl_context_set_trust(c->active_fingerprint, last_field(&rest));
    } else if (!strcmp(verb, "drop")) {
        do_drop();
    } else if (!strcmp(verb, "instance")) {
        return do_instance(last_field(&rest));
    } else if (!strcmp(verb, "status")) {
        do_status();
    } else {
        return "unsupported";
    }
    return NULL;
}

int main(int argc, char **argv)
{
    char *line = NULL;
    size_t cap = 0;
    ssize_t n;
    unsigned char fp[20];

    gcry_control(GCRYCTL_ENABLE_QUICK_RANDOM, 0);
    OTRL_INIT;
    us = otrl_userstate_create();
    if (argc > 1)
        otrl_privkey_read(us, argv[1]);
    if (!otrl_privkey_find(us, ACCOUNT, PROTOCOL)) {
        FILE *f = argc > 1 ? fopen(argv[1], "w+") : tmpfile();
        if (!f || otrl_privkey_generate_FILEp(us, f, ACCOUNT, PROTOCOL)) {
            fprintf(stderr, "cannot make a key\n");
            return 1;
        }
        fclose(f);
    }
    if (argc > 3)
        seed = strtoull(argv[3], NULL, 10);
    if (argc > 2) {
        FILE *f = tmpfile();
        fprintf(f, "%s\t%s\t%s\n", ACCOUNT, PROTOCOL, argv[2]);
        rewind(f);
        otrl_instag_read_FILEp(us, f);
        fclose(f);
    } else {
        op_create_instag(NULL, ACCOUNT, PROTOCOL);
    }
    otrl_privkey_fingerprint_raw(us, fp, ACCOUNT, PROTOCOL);
    printf("hello engine=libotr version=%s versions=2,3 fp=", otrl_version());
    put_hex(fp, sizeof fp);
    printf(" tag=%08x\nok\n", otrl_instag_find(us, ACCOUNT, PROTOCOL)->instag);
    fflush(stdout);

    while ((n = getline(&line, &cap, stdin)) > 0) {
        char *rest = line, *verb;
        const char *failure;

        if (line[n - 1] == '\n')
            line[n - 1] = '\0';
        verb = field(&rest);
        if (!strcmp(verb, "quit")) {
            puts("ok");
            break;
        }
        failure = run(verb, rest);
        if (failure)
            printf("err %s\n", failure);
        else
            puts("ok");
        fflush(stdout);
    }
    free(line);
    otrl_userstate_free(us);
    return 0;
}
