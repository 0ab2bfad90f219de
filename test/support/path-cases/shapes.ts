/** Name constraints, certificates that stand alone, long paths. */
import type { PathCheckId } from '#shared/inspect/path/verdict'
import { AUTHORITY, INTERMEDIATE, PKI_NOW, SERVER, withLines, type Issued } from '../open-ssl-pki'
import { DAY, HOST, type Cases, type Options } from './cases'

export function constraints(cases: Cases): void {
  const dns = 'subjectAltName=DNS:www.example.com'
  const add = (
    name: string,
    line: string,
    changes: readonly string[],
    fails: readonly PathCheckId[] = [],
    host = 'www.example.com',
    subject = '/O=Lab/CN=ID-Server',
  ): void => {
    const root = cases.authority({ extensions: withLines(AUTHORITY, `nameConstraints=${line}`) })
    const leaf = cases.server({ issuer: root, subject, extensions: withLines(SERVER, ...changes) })
    cases.add(`name constraints: ${name}`, leaf, fails, { anchors: [root], host })
  }
  const bad = ['name_constraints'] as const
  add('permitted domain', 'critical,permitted;DNS:example.com', [dns])
  add('permitted host itself', 'critical,permitted;DNS:www.example.com', [dns])
  add('permitted domain with a dot', 'permitted;DNS:.example.com', [dns])
  add('name outside of the permitted domain', 'critical,permitted;DNS:example.org', [dns], bad)
  add('name that only ends alike', 'permitted;DNS:xample.com', [dns], bad)
  add('one of two names outside', 'permitted;DNS:example.com', [`${dns},DNS:localhost`], bad)
  add('excluded domain', 'excluded;DNS:example.com', [dns], bad)
  add('other domain excluded', 'excluded;DNS:example.org', [dns])
  add('names of other kinds are free', 'permitted;email:example.org', [dns])
  add(
    'permitted network',
    'permitted;IP:127.0.0.0/255.0.0.0',
    ['subjectAltName=IP:127.0.0.1'],
    [],
    '127.0.0.1',
  )
  add(
    'address outside of the network',
    'permitted;IP:10.0.0.0/255.0.0.0',
    ['subjectAltName=IP:127.0.0.1'],
    bad,
    '127.0.0.1',
  )
  add(
    'excluded IPv6 network',
    'excluded;IP:2001:db8::/ffff:ffff::',
    ['subjectAltName=IP:2001:db8::1'],
    bad,
    '2001:db8::1',
  )
  add('mail at a host', 'permitted;email:example.com', [`${dns},email:a@example.com`])
  add('mail in a domain', 'permitted;email:.example.com', [`${dns},email:a@b.example.com`])
  add('mail of another domain', 'permitted;email:.example.com', [`${dns},email:a@example.com`], bad)
  add(
    'mail in the subject',
    'permitted;email:example.com',
    [dns],
    bad,
    undefined,
    '/CN=a/emailAddress=a@example.org',
  )
  add('URI at a host', 'permitted;URI:example.com', [`${dns},URI:https://example.com/a`])
  add('URI in a domain', 'permitted;URI:.example.com', [`${dns},URI:https://a.example.com:1/`])
  add('URI elsewhere', 'excluded;URI:.example.com', [`${dns},URI:https://a.example.com/`], bad)
  add(
    'common name without DNS names',
    'permitted;DNS:example.org',
    ['subjectAltName'],
    bad,
    undefined,
    '/CN=www.example.com',
  )
  add(
    'common name without DNS names that is permitted',
    'permitted;DNS:example.com',
    ['subjectAltName'],
    [],
    undefined,
    '/CN=www.example.com',
  )
  add('registered number', 'permitted;RID:1.2.3', [`${dns},RID:1.2.3`], bad)
  add('mail address without a host', 'excluded;email:example.org', [`${dns},email:nobody`], bad)
  add('URI without a host', 'excluded;URI:example.org', [`${dns},URI:urn:a:b`], bad)
  add(
    'network of a wrong length',
    'DER:300fa10d300b870904000000ff00000000',
    ['subjectAltName=IP:127.0.0.1'],
    bad,
    '127.0.0.1',
  )
  add('minimum beside the base', 'DER:3014a0123010820b6578616d706c652e636f6d800101', [dns], bad)
  const directory = (subject: string, kind: string, fails: readonly PathCheckId[] = []): void =>
    add(
      `${kind} directory name for ${subject}`,
      `${kind};dirName:dir\n[dir]\nO=Lab`,
      [dns],
      fails,
      undefined,
      subject,
    )
  directory('/O=Lab/CN=a', 'permitted')
  directory('/O=LAB/CN=a', 'permitted')
  directory('/O=Other/CN=a', 'permitted', bad)
  directory('/O=Lab/CN=a', 'excluded', bad)
  const root = cases.authority({
    extensions: withLines(AUTHORITY, 'nameConstraints=critical,permitted;DNS:example.com'),
  })
  const between = cases.authority({
    issuer: root,
    extensions: withLines(INTERMEDIATE, 'nameConstraints=critical,permitted;DNS:www.example.com'),
  })
  for (const [host, fails] of [
    ['www.example.com', []],
    ['a.example.com', bad],
  ] as const) {
    const leaf = cases.server({
      issuer: between,
      extensions: withLines(SERVER, `subjectAltName=DNS:${host}`),
    })
    cases.add(`name constraints at two levels, ${host}`, leaf, fails, {
      anchors: [root],
      intermediates: [between],
      host,
    })
  }
}

export function alone(cases: Cases): void {
  const own = withLines(SERVER, 'authorityKeyIdentifier=none')
  const self = (options: Options = {}): Issued =>
    cases.pki.issue({ subject: '/CN=ID-Server', key: 'rsa:2048 server', extensions: own, ...options })
  cases.add('self-signed', self(), ['trust_anchor'])
  const trusted = (name: string, leaf: Issued, fails: readonly PathCheckId[] = [], host = HOST): void =>
    cases.add(`self-signed and trusted: ${name}`, leaf, fails, { anchors: [leaf], host })
  trusted('good', self())
  trusted('wrong host', self(), ['host_name'], 'example.com')
  trusted('expired', self({ notAfter: PKI_NOW - DAY }), ['dates'])
  trusted('only for clients', self({ extensions: withLines(own, 'extendedKeyUsage=clientAuth') }), [
    'extended_key_usage',
  ])
  trusted('an authority', self({ extensions: [...AUTHORITY, 'subjectAltName=DNS:localhost'] }), ['key_usage'])
  trusted(
    'an authority that may encrypt',
    self({ extensions: ['basicConstraints=CA:TRUE', 'subjectAltName=DNS:localhost'] }),
  )
  trusted('small key', self({ key: 'rsa:1024 leaf' }), ['key_size'])
  trusted('SHA-1', self({ hash: 'sha1' }))
  trusted('unknown critical extension', self({ extensions: [...own, '1.2.3.4=critical,DER:0500'] }), [
    'critical_extensions',
  ])
  trusted('version 1', self({ subject: '/CN=localhost', extensions: [] }), ['basic_constraints'])
  cases.add('self-signed, and another one trusted', self(), ['trust_anchor'], { anchors: [self()] })
  cases.add('the root itself as a server', cases.root, ['key_usage', 'host_name'])
}

export function deep(cases: Cases): void {
  const chain = (count: number): { intermediates: Issued[]; leaf: Issued } => {
    const intermediates: Issued[] = []
    for (let level = 0; level < count; level++) {
      const issuer = intermediates.at(-1) ?? cases.root
      intermediates.push(
        cases.authority({ subject: `/CN=Level ${level}`, issuer, key: `rsa:2048 level ${level % 4}` }),
      )
    }
    return { intermediates, leaf: cases.server({ issuer: intermediates.at(-1)! }) }
  }
  const { intermediates, leaf } = chain(101)
  const below = (count: number): Issued => cases.server({ issuer: intermediates[count - 1]! })
  cases.add('50 certificates deep', below(48), [], { intermediates: [...intermediates].reverse() })
  cases.add('100 intermediates', below(100), [], { intermediates })
  cases.add('101 intermediates', leaf, ['trust_anchor'], { intermediates })
}
