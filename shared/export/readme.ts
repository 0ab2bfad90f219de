/** The page that goes with exported files: what each is, and commands that use them by the names they were given. */
import { fileTitle, findExportFile, type ExportFileId } from './items'
import { shellWord } from './names'

/** A file beside the page. */
export interface NamedFile {
  readonly id: ExportFileId
  readonly name: string
}

export interface ReadmeFacts {
  /** True when the private keys in PEM and DER have a passphrase. */
  readonly locked: boolean
  /** What the PKCS#12 file calls its entry. */
  readonly friendlyName: string
  /** Common name of the authority. */
  readonly authority: string
}

/** Port of the examples. */
const PORT = 8443
const WIDTH = 78

/** The text, for a person; commands are indented by four spaces and run in the folder of the files. */
export function readmeText(files: readonly NamedFile[], facts: ReadmeFacts): string {
  const nameOf = (id: ExportFileId): string | undefined => files.find((file) => file.id === id)?.name
  const found: Found = {
    certificate: nameOf('server-chain/pem') ?? nameOf('server-certificate/pem'),
    leaf: nameOf('server-certificate/pem') ?? nameOf('server-chain/pem'),
    key: nameOf('server-private-key/pem'),
    authority: nameOf('ca-certificate/pem'),
    store: nameOf('server-private-key/pkcs12') ?? nameOf('server-private-key/pkcs12-compatible'),
    checksums: nameOf('checksums/text'),
  }
  const sections = [
    intro(),
    list(files, facts.locked),
    whom(found, nameOf('server-chain/pem')),
    check(found),
    nginx(found, facts),
    node(found, facts),
    curl(found),
    java(found, facts),
    browsers(found, facts),
    farewell(files),
  ]
  return `${sections.filter((section) => section !== undefined).join('\n\n')}\n`
}

/** The names of what the sections are about, where there is such a file. */
interface Found {
  readonly certificate: string | undefined
  readonly leaf: string | undefined
  readonly key: string | undefined
  readonly authority: string | undefined
  readonly store: string | undefined
  readonly checksums: string | undefined
}

function intro(): string {
  return `Keys and certificates of Handshake Lab

${wrap(
  'The server’s certificate is for localhost and 127.0.0.1. It was issued by an authority that the app made for this lesson: only programs that are told to trust it accept the certificate.',
)}`
}

function list(files: readonly NamedFile[], locked: boolean): string {
  const width = Math.max(...files.map(({ name }) => name.length)) + 2
  const lines = files.flatMap(({ id, name }) => {
    const file = findExportFile(id)
    return file
      ? [`    ${name.padEnd(width)}${fileTitle(file)}${secrecy(file.lock, file.private, locked)}`]
      : []
  })
  return `Files\n\n${lines.join('\n')}`
}

function secrecy(lock: 'never' | 'optional' | 'always', isPrivate: boolean, locked: boolean): string {
  if (!isPrivate) return ''
  return lock === 'always' || (lock === 'optional' && locked) ? ' (PRIVATE, passphrase)' : ' (PRIVATE)'
}

/** Chain or leaf: who gets which. */
function whom({ certificate, leaf, key, authority }: Found, chain: string | undefined): string | undefined {
  const lines = [
    ...(certificate === undefined
      ? []
      : [
          `A server program (nginx, Apache, Node) gets ${[certificate, key].filter((name) => name !== undefined).join(' and ')}.`,
        ]),
    ...(chain === undefined || leaf === undefined || leaf === chain
      ? []
      : [
          `${chain} has the server’s certificate and then the authority’s, as a fullchain file has; ${leaf} is the first of them alone, for programs that ask for the certificate without those above it, and to look at.`,
        ]),
    ...(authority === undefined ? [] : [`Clients get ${authority}, and nothing else.`]),
  ]
  return lines.length === 0 ? undefined : `Which for whom\n\n${lines.map(wrap).join('\n\n')}`
}

function check({ leaf, authority, checksums, key }: Found): string | undefined {
  const lines = [
    ...(checksums === undefined ? [] : [`sha256sum -c ${shellWord(checksums)}`]),
    ...(leaf === undefined || authority === undefined
      ? []
      : [`openssl verify -CAfile ${shellWord(authority)} ${shellWord(leaf)}`]),
    ...(leaf === undefined ? [] : [`openssl x509 -in ${shellWord(leaf)} -noout -subject -issuer -dates`]),
    ...(key === undefined ? [] : [`openssl pkey -in ${shellWord(key)} -check -noout`]),
  ]
  return lines.length === 0 ? undefined : `Are they sound?\n\n${commands(lines)}`
}

function nginx({ certificate, key }: Found, { locked }: ReadmeFacts): string | undefined {
  if (certificate === undefined || key === undefined) return undefined
  const path = (name: string): string => `"/etc/nginx/tls/${name.replaceAll(/["\\$]/g, '\\$&')}"`
  return `nginx

${wrap('Copy both files to /etc/nginx/tls, the key readable by root alone, and add to the configuration:')}

    server {
        listen 127.0.0.1:${PORT} ssl;
        server_name localhost;
        ssl_certificate     ${path(certificate)};
        ssl_certificate_key ${path(key)};${locked ? `\n        ssl_password_file   "/etc/nginx/tls/passphrase";` : ''}
    }${locked ? `\n\n${wrap('The file passphrase holds the passphrase in one line, readable by root alone.')}` : ''}`
}

function node({ certificate, key }: Found, { locked }: ReadmeFacts): string | undefined {
  if (certificate === undefined || key === undefined) return undefined
  const script = [
    `const { readFileSync } = require('node:fs')`,
    `const { createServer } = require('node:https')`,
    'const options = {',
    `  cert: readFileSync(${JSON.stringify(certificate)}),`,
    `  key: readFileSync(${JSON.stringify(key)}),`,
    ...(locked ? ['  passphrase: process.env.PASSPHRASE,'] : []),
    '}',
    `createServer(options, (request, response) => response.end('hello\\n')).listen(${PORT}, '127.0.0.1')`,
  ]
  const start = locked ? "PASSPHRASE='…' node serve.cjs" : 'node serve.cjs'
  return `Node\n\nAs serve.cjs:\n\n${commands(script)}\n\nThen:\n\n${commands([start])}`
}

function curl({ authority }: Found): string | undefined {
  if (authority === undefined) return undefined
  return `curl

With one of the servers above:

${commands([`curl --cacert ${shellWord(authority)} https://localhost:${PORT}/`])}`
}

function java({ authority, store }: Found, { friendlyName }: ReadmeFacts): string | undefined {
  const trust = 'truststore.p12'
  const parts = [
    ...(store === undefined
      ? []
      : [
          wrap(
            `A server has its key and certificate in ${store}, under the alias ${friendlyName.toLowerCase()}:`,
          ),
          commands([
            `keytool -list -storetype PKCS12 -keystore ${shellWord(store)}`,
            `java -Djavax.net.ssl.keyStore=${shellWord(store)} -Djavax.net.ssl.keyStorePassword='…' …`,
          ]),
        ]),
    ...(authority === undefined
      ? []
      : [
          wrap('A client is told to trust the authority:'),
          commands([
            `keytool -importcert -noprompt -alias handshake-lab -file ${shellWord(authority)} -storetype PKCS12 -keystore ${trust} -storepass changeit`,
            `java -Djavax.net.ssl.trustStore=${trust} -Djavax.net.ssl.trustStorePassword=changeit …`,
          ]),
        ]),
  ]
  return parts.length === 0 ? undefined : `Java\n\n${parts.join('\n\n')}`
}

function browsers({ authority }: Found, facts: ReadmeFacts): string | undefined {
  if (authority === undefined) return undefined
  const file = shellWord(authority)
  return `Browsers

${wrap(
  'Whoever holds the authority’s private key can pose as any site to a browser that trusts it. Take the trust back when the lesson is over: the second command of each pair does it.',
)}

${wrap(
  `Firefox: Settings, Privacy & Security, View Certificates…, Authorities, Import…, choose ${authority}, tick “Trust this CA to identify websites”. To take it back: the same list, Delete or Distrust….`,
)}

Chrome, Chromium and Edge on Linux (certutil is in the package libnss3-tools):

${commands([
  `certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n handshake-lab -i ${file}`,
  'certutil -d sql:$HOME/.pki/nssdb -D -n handshake-lab',
])}

Windows, for this account:

${commands([
  `certutil -user -addstore Root ${windowsWord(authority)}`,
  `certutil -user -delstore Root ${windowsWord(facts.authority)}`,
])}

macOS, for this account:

${commands([
  `security add-trusted-cert -k ~/Library/Keychains/login.keychain-db ${file}`,
  `security delete-certificate -c ${shellWord(facts.authority)}`,
])}`
}

function farewell(files: readonly NamedFile[]): string | undefined {
  const secrets = files.filter(({ id }) => findExportFile(id)?.private).map(({ name }) => name)
  if (secrets.length === 0) return undefined
  return wrap(`Keep to yourself, and delete when you are done: ${secrets.join(', ')}.`)
}

function commands(lines: readonly string[]): string {
  return lines.map((line) => `    ${line}`).join('\n')
}

/** A word for Windows’ command line, where apostrophes are letters. */
function windowsWord(name: string): string {
  return /\s/.test(name) ? `"${name}"` : name
}

/** Breaks a paragraph into lines at its spaces. */
function wrap(text: string): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > WIDTH) {
      lines.push(line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line].join('\n')
}
