/*
 * Answers what Debian's libotr makes of messages: what they are and how they
 * decode. It is linked to libotr for tests, never shipped, and has no part of
 * libotr in it.
 *
 * Requests come on stdin: a letter, the length of what follows as four bytes
 * (the highest first), and that many bytes. Each is answered by one line on
 * stdout; the request F writes out what was held back, and has no answer.
 * With an argument, the program shows that it runs, and ends.
 *
 *   c MESSAGE    what it is: type, version, tags, versions that a query and an
 *                invisible offer would be answered in, flags of a data message
 *   a MESSAGE    what is decoded between "?OTR:" and the dot
 *   t BYTES      the records of a payload
 *   f MESSAGES   (each ends in NUL) what becomes of pieces that come so
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gcrypt.h>
#include <libotr/b64.h>
#include <libotr/proto.h>
#include <libotr/tlv.h>
#include <libotr/userstate.h>

static void put_hex(const unsigned char *b, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    size_t i;

    putchar('=');
    for (i = 0; i < n; i++) {
        putchar(digits[b[i] >> 4]);
        putchar(digits[b[i] & 15]);
    }
}

static void classify(const char *msg)
{
    static const OtrlPolicy policies[] = {OTRL_POLICY_ALLOW_V2, OTRL_POLICY_ALLOW_V3, OTRL_POLICY_MANUAL};
    OtrlMessageType type = otrl_proto_message_type(msg);
    unsigned int from = 0, to = 0, i;
    unsigned char flags = 0;
    const char *start = NULL, *end = NULL;
    int failed;

    printf("type=%d version=%d", type, otrl_proto_message_version(msg));
    failed = otrl_proto_instance(msg, &from, &to) != 0;
    if (failed)
        fputs(" tags=none", stdout);
    else
        printf(" tags=%08x,%08x", from, to);
    fputs(" query=", stdout);
    for (i = 0; i < 3; i++)
        printf("%u", type == OTRL_MSGTYPE_QUERY ? otrl_proto_query_bestversion(msg, policies[i]) : 0);
    fputs(" offer=", stdout);
    for (i = 0; i < 3; i++)
        printf("%u", otrl_proto_whitespace_bestversion(msg, &start, &end, policies[i]));
    if (start)
        printf(" cut=%td,%td", start - msg, end - msg);
    else
        fputs(" cut=none", stdout);
    if (type != OTRL_MSGTYPE_DATA || otrl_proto_data_read_flags(msg, &flags))
        puts(" flags=none");
    else
        printf(" flags=%02x\n", flags);
}

static void decode(const char *msg)
{
    unsigned char *buf = NULL;
    size_t len = 0;

    if (otrl_base64_otr_decode(msg, &buf, &len)) {
        puts("none");
        return;
    }
    put_hex(buf, len);
    putchar('\n');
    free(buf);
}

static void records(const unsigned char *b, size_t n)
{
    OtrlTLV *tlvs = otrl_tlv_parse(b, n), *t;

    for (t = tlvs; t; t = t->next) {
        printf("%u", t->type);
        put_hex(t->data, t->len);
        putchar(' ');
    }
    putchar('\n');
    otrl_tlv_free(tlvs);
}

static void pieces(const char *msgs, size_t n)
{
    OtrlUserState us = otrl_userstate_create();
    ConnContext *c = otrl_context_find(us, "peer", "me", "x", OTRL_INSTAG_MASTER, 1, NULL, NULL, NULL);
    const char *end = msgs + n;

    for (; msgs < end; msgs += strlen(msgs) + 1) {
        char *whole = NULL;

        switch (otrl_proto_fragment_accumulate(&whole, c, msgs)) {
        case OTRL_FRAGMENT_UNFRAGMENTED:
            putchar('-');
            break;
        case OTRL_FRAGMENT_INCOMPLETE:
            putchar('+');
            break;
        case OTRL_FRAGMENT_COMPLETE:
            put_hex((unsigned char *)whole, strlen(whole));
            break;
        }
        free(whole);
        putchar(' ');
    }
    putchar('\n');
    otrl_userstate_free(us);
}

int main(int argc, char **argv)
{
    unsigned char head[5];

    (void)argv;
    OTRL_INIT;
    if (argc > 1)
        return 0;
    while (fread(head, 1, sizeof head, stdin) == sizeof head) {
        size_t n = (size_t)head[1] << 24 | (size_t)head[2] << 16 | (size_t)head[3] << 8 | head[4];
        char *body = malloc(n + 1);

        if (!body || fread(body, 1, n, stdin) != n)
            return 1;
        body[n] = '\0';
        switch (head[0]) {
        case 'c': classify(body); break;
        case 'a': decode(body); break;
        case 't': records((unsigned char *)body, n); break;
        case 'f': pieces(body, n); break;
        case 'F': fflush(stdout); break;
        default: return 1;
        }
        free(body);
    }
    return 0;
}
