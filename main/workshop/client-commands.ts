/** How clients of others are asked to judge what is served: a line each, for a POSIX shell. */
import { addressBytes } from '#shared/crypto/pki/host-name'
import { shellWord } from '#shared/export/names'
import type { ClientCommand } from '#shared/workshop/view'

/** What a client has to be told. */
export interface Asked {
  readonly host: string
  readonly port: number
  /** The trust anchor as a PEM file. */
  readonly trustAnchor: string
  /** A file in the form of hosts(5), for those who can't be told an address beside a name. */
  readonly hosts: string
}

/** Names below localhost are known to few resolvers, so that each is told the address too. */
const ADDRESS = '127.0.0.1'

/**
 * Lines for curl, Node, Python, Java and Go, each of which says that the server is accepted, or why it is refused. `Client.java` and
 * `client.go` are in docs/test-bench.md.
 */
export function clientCommands({ host, port, trustAnchor, hosts }: Asked): readonly ClientCommand[] {
  const anchor = shellWord(trustAnchor)
  const url = `https://${host}:${port}/`
  // By an address nobody asks for a name.
  const servername = addressBytes(host) ? '' : host
  return [
    {
      client: 'curl',
      command: `curl --noproxy ${host} --cacert ${anchor} --resolve ${host}:${port}:${ADDRESS} ${url}`,
    },
    {
      client: 'Node',
      command: `NODE_EXTRA_CA_CERTS=${anchor} node -e "require('https').get({ host: '${ADDRESS}', port: ${port}, servername: '${servername}' }, (answer) => answer.pipe(process.stdout))"`,
    },
    {
      client: 'Python',
      command: `SSL_CERT_FILE=${anchor} python3 -c "import socket, ssl; print(ssl.create_default_context().wrap_socket(socket.create_connection(('${ADDRESS}', ${port})), server_hostname='${host}').version())"`,
    },
    {
      client: 'Java',
      command: `keytool -importcert -noprompt -alias anchor -file ${anchor} -keystore anchor.p12 -storepass changeit; java -Djdk.net.hosts.file=${shellWord(hosts)} -Djavax.net.ssl.trustStore=anchor.p12 -Djavax.net.ssl.trustStorePassword=changeit Client.java ${url}`,
    },
    {
      client: 'Go',
      command: `SSL_CERT_FILE=${anchor} go run client.go ${ADDRESS}:${port} ${host}`,
    },
  ]
}
