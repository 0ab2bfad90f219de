/** What certificates allow, how strong they are, what form they have. */
import { AUTHORITY, withLines, type Issued } from '../open-ssl-pki'
import type { Cases } from './cases'

export function uses(cases: Cases): void {
  cases.leaf('key usage only for revocation lists', ['keyUsage=critical,cRLSign'], ['key_usage'])
  cases.leaf('key usage key agreement', ['keyUsage=keyAgreement'])
  cases.leaf('key usage non-repudiation', ['keyUsage=nonRepudiation'], ['key_usage'])
  cases.leaf('no key usage', ['keyUsage'])
  cases.leaf(
    'key usage to sign certificates without being an authority',
    ['keyUsage=digitalSignature,keyCertSign'],
    ['key_usage'],
  )
  cases.leaf(
    'key usage to sign certificates, and no basic constraints',
    ['keyUsage=digitalSignature,keyCertSign', 'basicConstraints'],
    ['basic_constraints', 'key_usage'],
  )
  cases.leaf('no basic constraints', ['basicConstraints'])
  cases.leaf('an authority as a server', [
    'basicConstraints=critical,CA:TRUE',
    'keyUsage=digitalSignature,keyCertSign',
  ])
  cases.leaf('extended key usage only for clients', ['extendedKeyUsage=clientAuth'], ['extended_key_usage'])
  cases.leaf('extended key usage for servers and clients', ['extendedKeyUsage=clientAuth,serverAuth'])
  cases.leaf('extended key usage any', ['extendedKeyUsage=anyExtendedKeyUsage'], ['extended_key_usage'])
  cases.leaf('extended key usage by Microsoft’s old name', ['extendedKeyUsage=msSGC'])
  cases.leaf('no extended key usage', ['extendedKeyUsage'])
  cases.leaf('Netscape type for clients', ['nsCertType=client'], ['extended_key_usage'])
  cases.leaf('Netscape type for servers', ['nsCertType=server'])
  cases.under(
    'intermediate CA:FALSE',
    ['basicConstraints=critical,CA:FALSE'],
    ['basic_constraints', 'key_usage'],
  )
  cases.under(
    'intermediate CA:FALSE that may not sign',
    ['basicConstraints=critical,CA:FALSE', 'keyUsage=digitalSignature'],
    ['basic_constraints', 'key_usage'],
  )
  cases.under(
    'intermediate without basic constraints',
    ['basicConstraints'],
    ['basic_constraints', 'key_usage'],
  )
  cases.under(
    'intermediate whose basic constraints are not critical',
    ['basicConstraints=CA:TRUE'],
    ['basic_constraints'],
  )
  cases.under('intermediate without key usage', ['keyUsage'], ['key_usage'])
  cases.under(
    'intermediate that may not sign certificates',
    ['keyUsage=critical,digitalSignature'],
    ['key_usage'],
  )
  cases.under('intermediate only for clients', ['extendedKeyUsage=clientAuth'], ['extended_key_usage'])
  cases.under('intermediate for servers', ['extendedKeyUsage=serverAuth'])
  cases.rooted('root CA:FALSE', ['basicConstraints=critical,CA:FALSE', 'keyUsage'], ['basic_constraints'])
  cases.rooted('root without basic constraints', ['basicConstraints'], ['basic_constraints', 'key_usage'])
  cases.rooted('root without key usage', ['keyUsage'], ['key_usage'])
  cases.rooted('root that may not sign certificates', ['keyUsage=cRLSign'], ['key_usage'])
  cases.rooted('root only for mail', ['extendedKeyUsage=emailProtection'], ['extended_key_usage'])
  cases.rooted('root of version 1', [], ['basic_constraints'], { extensions: [] })
}

export function lengths(cases: Cases): void {
  const limited = (length: number): string => `basicConstraints=critical,CA:TRUE,pathlen:${length}`
  const chain = (
    length: number,
    subjects: readonly string[],
  ): { anchors: Issued[]; intermediates: Issued[]; leaf: Issued } => {
    const root = cases.authority({ extensions: withLines(AUTHORITY, limited(length)) })
    let issuer = root
    const intermediates = subjects.map((subject, index) => {
      issuer = cases.authority({ subject, issuer, key: `rsa:2048 level ${index}` })
      return issuer
    })
    return { anchors: [root], intermediates, leaf: cases.server({ issuer }) }
  }
  for (const [name, length, subjects, fails] of [
    ['path length 0 and no intermediate', 0, [], []],
    ['path length 0 and an intermediate', 0, ['/CN=A'], ['path_length']],
    ['path length 1 and an intermediate', 1, ['/CN=A'], []],
    ['path length 1 and two intermediates', 1, ['/CN=A', '/CN=B'], ['path_length']],
    ['path length 1 and an intermediate that renewed its key', 1, ['/CN=A', '/CN=A'], []],
  ] as const) {
    const { leaf, ...more } = chain(length, subjects)
    cases.add(name, leaf, fails, more)
  }
  cases.under('intermediate with a path length that it needs', [limited(0)])
  cases.leaf(
    'path length without being an authority',
    ['basicConstraints=critical,CA:FALSE,pathlen:0'],
    ['path_length'],
  )
  cases.under('path length without key usage', [limited(0), 'keyUsage'], ['path_length', 'key_usage'])
}

export function strength(cases: Cases): void {
  cases.add('weak hash SHA-1', cases.server({ hash: 'sha1' }), ['signature_hash'])
  cases.add('weak hash MD5', cases.server({ hash: 'md5' }), ['signature_hash'])
  cases.under('intermediate with SHA-1', [], ['signature_hash'], { hash: 'sha1' })
  cases.rooted('root that signed itself with SHA-1', [], [], { hash: 'sha1' })
  const pss = ['-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:20']
  cases.add('RSASSA-PSS with SHA-1', cases.server({ hash: 'sha1', options: pss }), ['signature_hash'])
  const root = cases.authority({ key: 'ec:P-256' })
  cases.add('ECDSA with SHA-1', cases.server({ issuer: root, hash: 'sha1' }), ['signature_hash'], {
    anchors: [root],
  })
  cases.add('small key', cases.server({ key: 'rsa:1024 leaf' }), ['key_size'])
  cases.under('small key of the intermediate', [], ['key_size'], { key: 'rsa:1024 between' })
  cases.rooted('small key of the root', [], ['key_size'], { key: 'rsa:1024 root' })
  cases.add('small curve', cases.server({ key: 'ec:P-192' }), ['key_size'])
  cases.add('curve spelt out in numbers', cases.server({ key: 'explicit:P-256' }), ['form'])
}

export function profile(cases: Cases): void {
  const unknown = '1.2.3.4=DER:0500'
  cases.leaf('unknown critical extension', ['1.2.3.4=critical,DER:0500'], ['critical_extensions'])
  cases.leaf('unknown extension', [unknown])
  cases.under(
    'unknown critical extension of the intermediate',
    ['1.2.3.4=critical,DER:0500'],
    ['critical_extensions'],
  )
  cases.rooted(
    'unknown critical extension of the root',
    ['1.2.3.4=critical,DER:0500'],
    ['critical_extensions'],
  )
  cases.leaf('critical policies', ['certificatePolicies=critical,1.2.3.4'])
  cases.leaf('critical issuer alternative name', ['issuerAltName=critical,DNS:a'], ['critical_extensions'])
  cases.leaf('missing authority key identifier', ['authorityKeyIdentifier=none'], ['key_identifiers'])
  cases.leaf('missing subject key identifier', ['subjectKeyIdentifier=none'])
  cases.rooted('root without subject key identifier', ['subjectKeyIdentifier=none'], ['key_identifiers'], {})
  cases.under(
    'intermediate without authority key identifier',
    ['authorityKeyIdentifier=none'],
    ['key_identifiers'],
  )
  cases.leaf(
    'critical subject key identifier',
    ['subjectKeyIdentifier=critical,hash'],
    ['critical_extensions'],
  )
  cases.leaf(
    'critical authority key identifier',
    ['authorityKeyIdentifier=critical,keyid:always'],
    ['critical_extensions'],
  )
  cases.leaf('empty alternative names', ['subjectAltName=DER:3000'], ['names', 'host_name'])
  cases.leaf('unreadable basic constraints', ['basicConstraints=critical,DER:04020102'], ['extensions'])
  cases.leaf('unreadable key usage', ['keyUsage=DER:0500'], ['extensions'])
  cases.leaf('key usage that allows nothing', ['keyUsage=DER:030100'], ['extensions', 'key_usage'])
  cases.leaf('key usage that allows nothing, with needless bits', ['keyUsage=DER:03020700'], ['extensions'])
  cases.leaf(
    'negative path length',
    ['basicConstraints=critical,DER:30060101ff0201ff'],
    ['extensions', 'path_length'],
  )
  cases.leaf('unreadable alternative names', ['subjectAltName=DER:04020102'], ['extensions', 'host_name'])
  cases.leaf(
    'proxy certificate',
    ['proxyCertInfo=critical,language:id-ppl-anyLanguage', 'subjectAltName'],
    ['critical_extensions', 'host_name'],
  )
  cases.add('version 1', cases.server({ subject: '/CN=localhost', extensions: [] }))
}
