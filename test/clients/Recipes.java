import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.X509CertSelector;
import java.util.Collection;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;

/**
 * Asks a server for each recipe for wrong certificates, by HttpsURLConnection, and says what came of it.
 *
 * Standard input has a line for each: id, host, port, file of trust anchors, file of revocation lists or nothing, with tabs
 * between. Standard output gets a line for each: id, accepted, refused or undecided, and why. Names are looked up in the file
 * of the system property jdk.net.hosts.file.
 */
public final class Recipes {
    private static final int TIME_LIMIT_MS = 10_000;

    private Recipes() {}

    public static void main(String[] arguments) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] parts = line.split("\t", -1);
            String outcome = ask(parts[1], Integer.parseInt(parts[2]), parts[3], parts[4]);
            System.out.println(parts[0] + "\t" + outcome);
        }
    }

    private static String ask(String host, int port, String anchors, String lists) {
        try {
            HttpsURLConnection connection =
                    (HttpsURLConnection) new URL("https", host, port, "/").openConnection();
            connection.setSSLSocketFactory(contextOf(anchors, lists).getSocketFactory());
            connection.setConnectTimeout(TIME_LIMIT_MS);
            connection.setReadTimeout(TIME_LIMIT_MS);
            try (InputStream body = connection.getInputStream()) {
                return (body.readAllBytes().length > 0 ? "accepted" : "undecided") + "\t" + connection.getCipherSuite();
            }
        } catch (SSLException error) {
            return "refused\t" + reasonOf(error);
        } catch (Exception error) {
            return "undecided\t" + reasonOf(error);
        }
    }

    private static SSLContext contextOf(String anchors, String lists) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (InputStream file = new FileInputStream(anchors)) {
            for (Certificate anchor : CertificateFactory.getInstance("X.509").generateCertificates(file)) {
                trusted.setCertificateEntry("anchor-" + trusted.size(), anchor);
            }
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        if (lists.isEmpty()) {
            factory.init(trusted);
        } else {
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(trusted, new X509CertSelector());
            parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(read(lists))));
            parameters.setRevocationEnabled(true);
            factory.init(new CertPathTrustManagerParameters(parameters));
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }

    private static Collection<?> read(String lists) throws Exception {
        try (InputStream file = new FileInputStream(lists)) {
            return CertificateFactory.getInstance("X.509").generateCRLs(file);
        }
    }

    private static String reasonOf(Throwable error) {
        Throwable cause = error;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return (cause.getClass().getSimpleName() + ": " + cause.getMessage()).replaceAll("\\s+", " ");
    }
}
