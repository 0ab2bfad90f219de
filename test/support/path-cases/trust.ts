/** Good paths, host names, dates, issuers. */
import { AUTHORITY, PKI_NOW, SERVER, withLines } from '../open-ssl-pki'
import { DAY, type Cases } from './cases'

export function good(cases: Cases): void {
  cases.leaf('good, by name', [])
  cases.leaf('good, by address', [], [], '127.0.0.1')
  cases.under('good, with an intermediate', [])
  cases.add('good, with SHA-384', cases.server({ hash: 'sha384' }))
  cases.add('good, with SHA-512', cases.server({ hash: 'sha512' }))
  cases.add(
    'good, with RSASSA-PSS',
    cases.server({ options: ['-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:32'] }),
  )
  cases.add(
    'good, RSASSA-PSS with the longest salt',
    cases.server({ options: ['-sigopt', 'rsa_padding_mode:pss'] }),
  )
  cases.rooted('good, under P-256', [], [], { key: 'ec:P-256', hash: 'sha256' })
  cases.rooted('good, under P-384', [], [], { key: 'ec:P-384', hash: 'sha384' })
  cases.rooted('good, under P-521', [], [], { key: 'ec:P-521', hash: 'sha512' })
  cases.rooted('good, under Ed25519', [], [], { key: 'ed25519' })
  cases.rooted('good, under Ed448', [], [], { key: 'ed448' })
  cases.add('good, with a P-256 key', cases.server({ key: 'ec:P-256 leaf' }))
  cases.add('good, with an Ed25519 key', cases.server({ key: 'ed25519 leaf' }))
}

export function names(cases: Cases): void {
  const san = (names: string): readonly string[] => [`subjectAltName=${names}`]
  cases.leaf('wrong host name', [], ['host_name'], 'example.com')
  cases.leaf('wrong address', [], ['host_name'], '127.0.0.2')
  cases.leaf('address only as a DNS name', san('DNS:127.0.0.1'), ['host_name'], '127.0.0.1')
  cases.leaf('IPv6 address', san('IP:2001:db8::1'), [], '2001:0db8:0:0::1')
  cases.leaf('wrong IPv6 address', san('IP:2001:db8::1'), ['host_name'], '::1')
  cases.leaf('case of letters', san('DNS:WWW.Example.COM'), [], 'www.EXAMPLE.com')
  cases.leaf('wildcard', san('DNS:*.example.com'), [], 'www.example.com')
  cases.leaf('wildcard for two labels', san('DNS:*.example.com'), ['host_name'], 'a.b.example.com')
  cases.leaf('wildcard for no label', san('DNS:*.example.com'), ['host_name'], 'example.com')
  cases.leaf('wildcard for a part of a label', san('DNS:w*.example.com'), [], 'www.example.com')
  cases.leaf(
    'wildcard in the middle of a label',
    san('DNS:w*w.example.com'),
    ['host_name'],
    'www.example.com',
  )
  cases.leaf('wildcard for a top-level domain', san('DNS:*.com'), ['host_name'], 'example.com')
  cases.leaf('wildcard in the second label', san('DNS:www.*.com'), ['host_name'], 'www.example.com')
  const named = { subject: '/CN=example.com' }
  const without = withLines(SERVER, 'subjectAltName')
  cases.add('common name alone', cases.server({ ...named, extensions: without }), [], { host: 'example.com' })
  cases.add('wrong common name alone', cases.server({ ...named, extensions: without }), ['host_name'])
  cases.add('common name beside DNS names', cases.server(named), ['host_name'], { host: 'example.com' })
  const address = withLines(SERVER, 'subjectAltName=IP:127.0.0.1')
  cases.add('common name beside an address', cases.server({ ...named, extensions: address }), [], {
    host: 'example.com',
  })
  cases.add(
    'address as the common name',
    cases.server({ subject: '/CN=127.0.0.1', extensions: without }),
    ['host_name'],
    { host: '127.0.0.1' },
  )
}

export function dates(cases: Cases): void {
  const [before, after] = [PKI_NOW - 10 * DAY, PKI_NOW + 10 * DAY]
  cases.add('expired', cases.server({ notAfter: before }), ['dates'])
  cases.add('not valid yet', cases.server({ notBefore: after }), ['dates'])
  cases.add('valid from this second on', cases.server({ notBefore: PKI_NOW }))
  cases.add('valid for one more second', cases.server({ notAfter: PKI_NOW + 1000 }))
  cases.add('expired a second ago', cases.server({ notAfter: PKI_NOW - 1000 }), ['dates'])
  cases.rooted('expired trust anchor', [], ['dates'], { notAfter: before })
  cases.rooted('trust anchor not valid yet', [], ['dates'], { notBefore: after })
  cases.under('expired intermediate', [], ['dates'], { notAfter: before })
  cases.under('intermediate not valid yet', [], ['dates'], { notBefore: after })
  cases.add('after the year 2050', cases.server({ notAfter: Date.UTC(2060, 0) }))
  const [old, fresh] = [before, PKI_NOW + DAY].map((notAfter) =>
    cases.authority({ issuer: cases.root, notAfter }),
  )
  const leaf = cases.server({ issuer: fresh! })
  cases.add('expired and renewed intermediate', leaf, [], { intermediates: [old!, fresh!] })
  cases.add('renewed and expired intermediate', leaf, [], { intermediates: [fresh!, old!] })
}

export function issuers(cases: Cases): void {
  cases.add('wrong issuer', cases.server({ issuer: cases.stranger }), ['trust_anchor', 'issuer'])
  cases.add('no trust anchor of any kind', cases.server(), ['trust_anchor', 'issuer'], {
    anchors: [cases.stranger],
  })
  const again = cases.authority({ key: 'rsa:2048 again' })
  cases.add('issuer of the same name with another key', cases.server({ issuer: again }), [
    'trust_anchor',
    'issuer',
  ])
  const identifier = `subjectKeyIdentifier=${'00'.repeat(20)}`
  const posing = cases.authority({ extensions: withLines(AUTHORITY, identifier), key: 'rsa:2048 again' })
  const posed = cases.authority({ extensions: withLines(AUTHORITY, identifier) })
  cases.add('wrong signature', cases.server({ issuer: posing }), ['signature'], { anchors: [posed] })
  const between = cases.authority({ issuer: cases.root })
  const leaf = cases.server({ issuer: between })
  cases.add('missing intermediate', leaf, ['trust_anchor', 'issuer'])
  cases.add('intermediate alone as trust anchor', leaf, ['trust_anchor', 'issuer'], { anchors: [between] })
  cases.add('intermediate and root as trust anchors', leaf, [], { anchors: [between, cases.root] })
  cases.add('root not trusted', leaf, ['trust_anchor'], {
    anchors: [cases.stranger],
    intermediates: [between, cases.root],
  })
  cases.add('more certificates than needed, in any order', leaf, [], {
    intermediates: [cases.stranger, cases.root, leaf, between],
  })
  const other = cases.authority({ issuer: cases.stranger })
  cases.add('same intermediate by two roots, the trusted one first', leaf, [], {
    intermediates: [between, other],
  })
  cases.add('leaf among the trust anchors, without its root', leaf, ['trust_anchor', 'issuer'], {
    anchors: [leaf],
  })
  const upper = cases.authority({ subject: '/O=lab/CN=  ROOT ', key: 'rsa:2048 root' })
  cases.add('issuer’s name with other capitals and spaces', cases.server({ issuer: upper }))
  const keyed = (line: string): readonly string[] => withLines(SERVER, line)
  cases.add(
    'authority key identifier with issuer and serial number',
    cases.server({ extensions: keyed('authorityKeyIdentifier=keyid:always,issuer:always') }),
  )
  const twin = cases.authority({})
  cases.add(
    'issuer and serial number of another certificate',
    cases.server({ issuer: twin, extensions: keyed('authorityKeyIdentifier=keyid:always,issuer:always') }),
    ['trust_anchor', 'issuer'],
  )
}
