package io.postrider.net;

import java.net.Socket;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.KeyManagerFactorySpi;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/** A server's one key for the JDK's interfaces, which choose among many. */
final class OneKey extends X509ExtendedKeyManager {
    private static final String ALIAS = "key";

    private final KeyAndChain pair;

    private OneKey(KeyAndChain pair) {
        this.pair = pair;
    }

    static KeyManagerFactory factory(KeyAndChain pair) {
        return new Factory(new OneKey(pair));
    }

    /** A client says what kinds of key it takes; ours is offered to those that take it. RFC 8446 §4.4.2.2 */
    private String alias(String keyType) {
        return keyType.equals(pair.key().getAlgorithm())
                        || keyType.startsWith(pair.key().getAlgorithm() + "_")
                ? ALIAS
                : null;
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
        return alias(keyType);
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        return alias(keyType);
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
        return alias(keyType) == null ? null : new String[] {ALIAS};
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
        return null;
    }

    @Override
    public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
        return null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return ALIAS.equals(alias) ? pair.chain() : null;
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return ALIAS.equals(alias) ? pair.key() : null;
    }

    private static final class Factory extends KeyManagerFactory {
        Factory(OneKey key) {
            super(new Spi(key), new Nameless(), "one key");
        }
    }

    private static final class Nameless extends Provider {
        private static final long serialVersionUID = 1;

        Nameless() {
            super("", "", "");
        }
    }

    private static final class Spi extends KeyManagerFactorySpi {
        private final OneKey key;

        Spi(OneKey key) {
            this.key = key;
        }

        @Override
        protected void engineInit(KeyStore store, char[] password) {
            // The key is there already.
        }

        @Override
        protected void engineInit(ManagerFactoryParameters parameters) {
            // The key is there already.
        }

        @Override
        protected KeyManager[] engineGetKeyManagers() {
            return new KeyManager[] {key};
        }
    }
}
