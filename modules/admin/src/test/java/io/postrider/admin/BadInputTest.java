package io.postrider.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.postrider.admin.ApiServer.Reply;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever is wrong with a request, the answer names it, and nothing has changed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest {
    private final ApiServer server = new ApiServer();

    @BeforeAll
    void aTenant() {
        server.tenant("a", "a.example");
    }

    @AfterAll
    void close() {
        server.close();
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            nullValues = "-",
            value = {
                "PUT | /tenants/x | {`limits`:1} | 400 | limits",
                "PUT | /tenants/x | {`limits`:{`octets`:-1}} | 400 | limits.octets",
                "PUT | /tenants/x | {`limits`:{`octets`:1.5}} | 400 | limits.octets",
                "PUT | /tenants/x | {`limits`:{`octets`:9223372036854775808}} | 400 | limits.octets",
                "PUT | /tenants/x | {`limits`:{`octets`:null}} | 400 | limits.octets",
                "PUT | /tenants/x | {`limits`:{`colour`:1}} | 400 | limits.colour",
                "PUT | /tenants/x | {`state`:`gone`} | 400 | state",
                "PUT | /tenants/x | {`state`:`removing`} | 400 | state",
                "PUT | /tenants/x | {`state`:1} | 400 | state",
                "PUT | /tenants/x | {`protocols`:`imap`} | 400 | protocols",
                "PUT | /tenants/x | {`protocols`:[`ftp`]} | 400 | protocols",
                "PUT | /tenants/x | {`protocols`:[`imap`,`imap`]} | 400 | protocols",
                "PUT | /tenants/x | {`referral`:7} | 400 | referral",
                "PUT | /tenants/x | {`referral`:``} | 400 | referral",
                "PUT | /tenants/x | {`referral`:`imap://b.example/`} | 400 | referral",
                "PUT | /tenants/x | {`referral`:`b.example/`} | 400 | referral",
                "PUT | /tenants/x | {`referral`:`b.example:0`} | 400 | referral",
                "PUT | /tenants/x | {`referral`:`b.example:65536`} | 400 | referral",
                "PUT | /tenants/x | {`referral`:`b.example:`} | 400 | referral",
                "PUT | /tenants/x | {`referral`:`me@b.example`} | 400 | referral",
                "PUT | /tenants/x | {`referral`:`b.example\\r\\n* BYE`} | 400 | referral",
                "PUT | /tenants/x | {`referral`:`bücher.example`} | 400 | referral",
                "PUT | /tenants/x | {`referral`:`[::1]`} | 400 | referral",
                "PUT | /tenants/x | {`referral`:`192.0.2.256`} | 400 | referral",
                "PUT | /accounts/alice@a.example | {`quotaAdministrator`:1} | 400 | quotaAdministrator",
                "PUT | /tenants/x | {`quotaAdministrator`:true} | 400 | quotaAdministrator",
                "PUT | /accounts/alice@a.example | {`referral`:`-b`} | 400 | referral",
                "PUT | /tenants/x | {`colour`:1} | 400 | colour",
                "PUT | /tenants/x%2Fy | {} | 400 | tenant",
                "PUT | /tenants/x%00y | {} | 400 | tenant",
                "PUT | /tenants/%20x | {} | 400 | tenant",
                "PUT | /tenants/a/passwords | {`argon2id`:1} | 400 | argon2id",
                "PUT | /tenants/a/passwords | {} | 400 | argon2id",
                "PUT | /tenants/none/passwords | {`scram`:true} | 404 | -",
                "GET | /tenants/none | - | 404 | -",
                "GET | /tenants/none/usage | - | 404 | -",
                "GET | /tenants?state=gone | - | 400 | state",
                "GET | /tenants?limit=0 | - | 400 | limit",
                "GET | /tenants?limit=1001 | - | 400 | limit",
                "GET | /tenants?limit=many | - | 400 | limit",
                "GET | /tenants?after=!! | - | 400 | after",
                "GET | /tenants?after=AAAA | - | 400 | after",
                "GET | /tenants?colour=red | - | 400 | colour",
                "GET | /tenants?limit=1&limit=2 | - | 400 | limit",
                "PUT | /domains/new.example | {} | 400 | tenant",
                "PUT | /domains/new.example | {`tenant`:`none`} | 404 | tenant",
                "PUT | /domains/new.example | {`tenant`:7} | 400 | tenant",
                "PUT | /domains/-new | {`tenant`:`a`} | 400 | domain",
                "PUT | /domains/a@b | {`tenant`:`a`} | 400 | domain",
                "GET | /domains/none.example | - | 404 | -",
                "GET | /domains?tenant=none | - | 404 | tenant",
                "DELETE | /domains/none.example | - | 404 | -",
                "PUT | /accounts/none | {} | 400 | address",
                "PUT | /accounts/a+b@a.example | {} | 400 | address",
                "PUT | /accounts/a@none.example | {} | 404 | address",
                "PUT | /accounts/a@a.example | {`limits`:{`accounts`:1}} | 400 | limits.accounts",
                "PUT | /accounts/a@a.example | {`password`:``} | 400 | password",
                "PUT | /accounts/a@a.example | {`password`:7} | 400 | password",
                "PUT | /accounts/a@a.example | {`password`:`x\\u0000`} | 400 | password",
                "PUT | /accounts/a@a.example | {`password`:`x`,`colour`:1} | 400 | colour",
                "PUT | /accounts/alice@a.example/password | {} | 400 | password",
                "PUT | /accounts/none@a.example/password | {`password`:`x`} | 404 | -",
                "PUT | /accounts/a@a.example | {`hash`:`none`} | 400 | hash",
                "PUT | /accounts/a@a.example | {`hash`:`$6$x$y`,`password`:`x`} | 400 | hash",
                "POST | /accounts/alice@a.example/app-passwords | {} | 400 | label",
                "POST | /accounts/alice@a.example/app-passwords | {`label`:` x`} | 400 | label",
                "POST | /accounts/alice@a.example/app-passwords | {`label`:`x`,`protocols`:[`lmtp`]} | 400 | protocols",
                "POST | /accounts/none@a.example/app-passwords | {`label`:`x`} | 404 | -",
                "DELETE | /accounts/alice@a.example/app-passwords/x | - | 404 | -",
                "GET | /accounts?domain=none.example | - | 404 | domain",
                "GET | /accounts?tenant=none | - | 404 | tenant",
                "GET | /accounts?prefix=%00 | - | 400 | prefix",
                "GET | /accounts/none@a.example/usage | - | 404 | -",
                "GET | /accounts/none@a.example/mailboxes | - | 404 | -",
                "DELETE | /accounts/none@a.example | - | 404 | -",
                "DELETE | /accounts/none@a.example/sessions | - | 404 | -",
                "GET | /addresses | - | 400 | account",
                "GET | /addresses?account=none@a.example | - | 404 | account",
                "GET | /addresses?domain=none.example | - | 404 | domain",
                "PUT | /addresses/x@a.example | {} | 400 | account",
                "PUT | /addresses/x@a.example | {`account`:`none@a.example`} | 404 | account",
                "PUT | /addresses/x@none.example | {`account`:`alice@a.example`} | 404 | address",
                "PUT | /addresses/bob@a.example | {`account`:`alice@a.example`} | 409 | address",
                "PUT | /addresses/x | {`account`:`alice@a.example`} | 400 | address",
                "DELETE | /addresses/bob@a.example | - | 409 | -",
                "GET | /sessions?tenant=none | - | 404 | tenant",
                "GET | /sessions?account=none@a.example | - | 404 | account",
                "GET | /sessions?tenant=a&account=alice@a.example | - | 400 | tenant",
                "DELETE | /sessions/7 | - | 404 | -",
                "DELETE | /sessions/x | - | 404 | -",
                "GET | /audit?tenant=none | - | 404 | tenant",
                "POST | /keys | {} | 400 | label",
                "POST | /keys | {`label`:``} | 400 | label",
                "POST | /keys | {`label`:`x`,`readOnly`:1} | 400 | readOnly",
                "POST | /keys | {`label`:`x`,`tenant`:`none`} | 404 | tenant",
                "POST | /keys | {`label`:`x`,`expiresAt`:`soon`} | 400 | expiresAt",
                "POST | /keys | {`label`:`x`,`expiresAt`:`2001-01-01T00:00:00Z`} | 400 | expiresAt",
                "DELETE | /keys/999 | - | 404 | -",
                "DELETE | /keys/x | - | 404 | -",
                "PUT | /tenants/x | [] | 400 | -",
                "PUT | /tenants/x | { | 400 | -",
            })
    void isNamedAndChangesNothing(String method, String path, String body, int status, String field) {
        String before = everything();
        Reply reply = server.send(server.key, method, path, body == null ? null : body.replace('`', '"'));
        assertEquals(status, reply.status(), reply.text());
        assertEquals(field, reply.json().getString("field"), reply.text());
        assertNotNull(reply.json().getString("detail"));
        assertEquals(before, everything());
    }

    @Test
    void aBodyHasABound() {
        String body = "{\"state\":\"" + "x".repeat(AdminApi.MAX_BODY) + "\"}";
        assertEquals(413, server.send(server.key, "PUT", "/tenants/x", body).status());
        String most = "{\"state\":\"" + "x".repeat(AdminApi.MAX_BODY - 12) + "\"}";
        Reply reply = server.send(server.key, "PUT", "/tenants/x", most);
        assertEquals(400, reply.status());
        assertFalse(reply.text().length() > 1000, "what was given is not repeated in full");
    }

    private String everything() {
        return server.database.queryOne(
                Stream.of("tenant", "domain", "account", "address", "credential", "api_key", "audit")
                        .map(table -> "(select md5(string_agg(x::text, ' ' order by x::text)) from " + table + " x)")
                        .collect(Collectors.joining(", ", "select concat_ws(' ', ", ")")));
    }
}
