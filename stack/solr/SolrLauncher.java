import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.EnumSet;
import javax.servlet.DispatcherType;
import org.apache.solr.servlet.CoreContainerProvider;
import org.apache.solr.servlet.SolrDispatchFilter;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.servlet.DefaultServlet;
import org.eclipse.jetty.servlet.ServletContextHandler;

/**
 * Starts Solr in an embedded Jetty that listens on the loopback interface alone.
 *
 * <p>Run as a source file: {@code java -Dsolr.solr.home=HOME -cp 'JARS/*' SolrLauncher.java PORT}.
 * On SIGTERM Jetty is stopped in order, so that Solr commits what it holds and frees its locks.
 */
public final class SolrLauncher {
    private static final String CONTEXT = "/solr";

    private SolrLauncher() {}

    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[0]);
        Path home = Path.of(System.getProperty("solr.solr.home"));

        Server server = new Server(new InetSocketAddress("127.0.0.1", port));
        server.setStopAtShutdown(true);
        server.setHandler(context(home));
        server.start();
        server.join();
    }

    private static ServletContextHandler context(Path home) {
        var context = new ServletContextHandler(ServletContextHandler.NO_SESSIONS);
        context.setContextPath(CONTEXT);
        context.setResourceBase(home.toString());
        // Solr's own web.xml registers these two; the provider must be up before the filter looks for it.
        context.addEventListener(new CoreContainerProvider());
        context.addFilter(SolrDispatchFilter.class, "/*", EnumSet.of(DispatcherType.REQUEST));
        context.addServlet(DefaultServlet.class, "/");
        return context;
    }
}
