/** Faults of hosts and of name constraints. */
import { concat, fromBinaryString, toUtf8, type Bytes } from '#shared/bytes'
import { context, hex, oid, sequence, set, utf8 } from '../der'
import { attribute, commonName, dns, element, IDS, type ChainPlan } from './chain'
import { extension } from '../der'
import type { Fault } from './fault'

const ip = (content: string): Bytes => element(0x87, content)
const mail = (text: string): Bytes => element(0x81, fromBinaryString(text))
const uri = (text: string): Bytes => element(0x86, fromBinaryString(text))
const directory = (...parts: readonly Bytes[]): Bytes => context(4, true, sequence(...parts))
const other = (type: string, value: Bytes): Bytes => context(0, true, oid(type), context(0, true, value))
const mailbox = (text: string): Bytes => other('1.3.6.1.5.5.7.8.9', utf8(text))
const common = (text: string): Bytes => sequence(attribute('2.5.4.10', utf8('Lab')), commonName(text))

interface Named {
  readonly names?: readonly Bytes[]
  readonly subject?: Bytes
  readonly host?: string
}

function applied({ names, subject, host }: Named): (plan: ChainPlan) => void {
  return (plan) => {
    if (names?.length === 0) plan.leaf.extensions.delete('names')
    else if (names) plan.leaf.extensions.set('names', extension(IDS.names, sequence(...names)))
    if (subject) plan.leaf.subject = subject
    if (host !== undefined) plan.host = host
  }
}

const HOSTS: Readonly<Record<string, Named>> = {
  'another host': { host: 'other.example' },
  'a host in capitals': { host: 'WWW.LAB.EXAMPLE' },
  'a name in capitals': { names: [dns('WWW.Lab.Example')] },
  'a host with a dot behind': { host: 'www.lab.example.' },
  'a name with a dot behind': { names: [dns('www.lab.example.')] },
  'a name with a dot in front': { names: [dns('.lab.example')] },
  'a name with two dots': { names: [dns('www..lab.example')], host: 'www..lab.example' },
  'a name with a NUL behind': { names: [dns('www.lab.example\0')] },
  'a name with a NUL inside': { names: [dns('www.lab.example\0.evil.example')] },
  'a name with a space': { names: [dns(' www.lab.example')] },
  'an empty name': { names: [dns('')] },
  'a name of one space': { names: [dns(' ')] },
  'a name that is no ASCII': { names: [dns('www.l\u00e4b.example')] },
  'a wildcard': { names: [dns('*.lab.example')] },
  'a wildcard in capitals': { names: [dns('*.LAB.example')] },
  'a wildcard for two labels': { names: [dns('*.example')], host: 'www.lab.example' },
  'a wildcard of one label': { names: [dns('*')] },
  'a wildcard for a domain of one label': { names: [dns('*.example')], host: 'lab.example' },
  'a wildcard at the end of a label': { names: [dns('ww*.lab.example')] },
  'a wildcard at the start of a label': { names: [dns('*w.lab.example')] },
  'a wildcard in the middle of a label': { names: [dns('w*w.lab.example')] },
  'a wildcard in the second label': { names: [dns('www.*.example')] },
  'two wildcards': { names: [dns('*.*.example')] },
  'a wildcard beside a wildcard': { names: [dns('**.lab.example')] },
  'a wildcard for nothing': { names: [dns('*.lab.example')], host: '.lab.example' },
  'a wildcard and a dot behind': { names: [dns('*.lab.example.')] },
  'a wildcard for a label of Punycode': { names: [dns('*.lab.example')], host: 'xn--bcher-kva.lab.example' },
  'a wildcard inside a label of Punycode': {
    names: [dns('xn--b*.lab.example')],
    host: 'xn--bcher-kva.lab.example',
  },
  'a part of a label for one of Punycode': {
    names: [dns('x*.lab.example')],
    host: 'xn--bcher-kva.lab.example',
  },
  'a name in Punycode': { names: [dns('xn--bcher-kva.example')], host: 'xn--bcher-kva.example' },
  'a name with an underscore': { names: [dns('a_b.lab.example')], host: 'a_b.lab.example' },
  'a common name alone': { names: [], subject: common('www.lab.example') },
  'a common name beside a mail address': {
    names: [mail('a@lab.example')],
    subject: common('www.lab.example'),
  },
  'a common name beside another host': { names: [dns('a.example')], subject: common('www.lab.example') },
  'a common name beside an address': { names: [ip('7f000001')], subject: common('www.lab.example') },
  'a common name with a NUL': { names: [], subject: common('www.lab.example\0') },
  'a common name with a wildcard': { names: [], subject: common('*.lab.example') },
  'a common name as BMPString': {
    names: [],
    subject: sequence(
      attribute('2.5.4.3', element(0x1e, concat(...[...'www.lab.example'].map((c) => toUtf8(`\0${c}`))))),
    ),
  },
  'two common names, the second the host’s': {
    names: [],
    subject: sequence(commonName('Server'), commonName('www.lab.example')),
  },
  'two common names, the first the host’s': {
    names: [],
    subject: sequence(commonName('www.lab.example'), commonName('Server')),
  },
  'an address': { names: [ip('7f000001')], host: '127.0.0.1' },
  'another address': { names: [ip('7f000001')], host: '127.0.0.2' },
  'an address as DNS name': { names: [dns('127.0.0.1')], host: '127.0.0.1' },
  'an address as common name': { names: [], subject: common('127.0.0.1'), host: '127.0.0.1' },
  'an address of three bytes': { names: [ip('7f0000')], host: '127.0.0.1' },
  'an address of five bytes': { names: [ip('7f00000100')], host: '127.0.0.1' },
  'an address with its mask': { names: [ip('7f000001ffffffff')], host: '127.0.0.1' },
  'an IPv6 address': { names: [ip('20010db8000000000000000000000001')], host: '2001:db8::1' },
  'an IPv6 address in capitals': { names: [ip('20010db8000000000000000000000abc')], host: '2001:DB8::ABC' },
  'an IPv6 address written out': {
    names: [ip('20010db8000000000000000000000001')],
    host: '2001:0db8:0:0:0:0:0:1',
  },
  'an IPv4 address within IPv6': { names: [ip('00000000000000000000ffff7f000001')], host: '127.0.0.1' },
  'an IPv6 address with IPv4 at its end': {
    names: [ip('00000000000000000000ffff7f000001')],
    host: '::ffff:127.0.0.1',
  },
  'an address in octal': { names: [ip('0a000001')], host: '010.0.0.1' },
  'an address with zeros in front': { names: [ip('0a000001')], host: '10.000.0.01' },
  'a URI of the host': { names: [uri('https://www.lab.example/')] },
  'a directory name beside it': { names: [directory(commonName('www.lab.example')), dns('www.lab.example')] },
  'every kind of name': {
    names: [
      other('1.2.3.4', utf8('a')),
      mail('a@lab.example'),
      dns('www.lab.example'),
      directory(commonName('a')),
      uri('https://lab.example'),
      ip('7f000001'),
      element(0x88, '2a03'),
    ],
  },
}

interface Constrained extends Named {
  readonly permitted?: readonly Bytes[]
  readonly excluded?: readonly Bytes[]
}

const WWW = dns('www.lab.example')
const permits = (base: Bytes, ...names: readonly Bytes[]): Constrained => ({
  permitted: [base],
  names: [WWW, ...names],
})
const excludes = (base: Bytes, ...names: readonly Bytes[]): Constrained => ({
  excluded: [base],
  names: [WWW, ...names],
})
const MAIL_ATTRIBUTE = '1.2.840.113549.1.9.1'
const withMail = (tag: number, text: string): Bytes =>
  sequence(commonName('Server'), attribute(MAIL_ATTRIBUTE, element(tag, toUtf8(text))))

const CONSTRAINTS: Readonly<Record<string, Constrained>> = {
  'DNS within': permits(dns('lab.example')),
  'DNS, the name itself': permits(dns('www.lab.example')),
  'DNS in capitals': permits(dns('LAB.example')),
  'DNS with a dot': permits(dns('.lab.example')),
  'DNS with a dot, the domain itself': { permitted: [dns('.www.lab.example')] },
  'DNS, empty': permits(dns('')),
  'DNS, a dot alone': permits(dns('.')),
  'DNS elsewhere': permits(dns('b.example')),
  'DNS, the end of a label': permits(dns('ab.example')),
  'DNS, longer than the name': permits(dns('a.www.lab.example')),
  'DNS excluded': excludes(dns('lab.example')),
  'DNS excluded, all': excludes(dns('')),
  'DNS excluded elsewhere': excludes(dns('b.example')),
  'DNS excluded with a dot': excludes(dns('.lab.example')),
  'DNS permitted and excluded': { permitted: [dns('lab.example')], excluded: [dns('www.lab.example')] },
  'DNS, a name with a dot behind': { excluded: [dns('b.example')], names: [WWW, dns('b.example.')] },
  'DNS, a wildcard within': permits(dns('lab.example'), dns('*.lab.example')),
  'DNS, a wildcard around an excluded name': excludes(dns('a.lab.example'), dns('*.lab.example')),
  'DNS, a name with a NUL': excludes(dns('b.example'), dns('b.example\0.c')),
  'DNS, an empty name': permits(dns('lab.example'), dns('')),
  'DNS, a common name elsewhere': {
    permitted: [dns('lab.example')],
    names: [],
    subject: common('a.b.example'),
  },
  'DNS, a common name within': {
    permitted: [dns('lab.example')],
    names: [],
    subject: common('www.lab.example'),
  },
  'DNS, a common name with a NUL behind': {
    excluded: [dns('b.example')],
    names: [mail('a@lab.example')],
    subject: common('a.b.example\0'),
    host: '',
  },
  'DNS, a common name with a NUL inside': {
    excluded: [dns('b.example')],
    names: [mail('a@lab.example')],
    subject: common('a.b.example\0.c'),
    host: '',
  },
  'DNS, a common name that is none': {
    permitted: [dns('lab.example')],
    names: [mail('a@lab.example')],
    subject: common('Lab Inc. and others'),
    host: '',
  },
  'DNS, a common name that is an address': {
    permitted: [dns('lab.example')],
    names: [mail('a@lab.example')],
    subject: common('10.0.0.1'),
    host: '',
  },
  'DNS, a common name with a wildcard': {
    permitted: [dns('lab.example')],
    names: [mail('a@lab.example')],
    subject: common('*.b.example'),
    host: '',
  },
  'DNS, a common name with an underscore': {
    permitted: [dns('lab.example')],
    names: [mail('a@lab.example')],
    subject: common('a_c.b.example'),
    host: '',
  },
  'mail at a host': permits(mail('lab.example'), mail('a@lab.example')),
  'mail at another host': permits(mail('lab.example'), mail('a@b.example')),
  'mail at a host in capitals': permits(mail('lab.example'), mail('A@LAB.example')),
  'mail at a host below': permits(mail('lab.example'), mail('a@c.lab.example')),
  'mail in a domain': permits(mail('.lab.example'), mail('a@c.lab.example')),
  'mail in a domain, at the domain itself': permits(mail('.lab.example'), mail('a@lab.example')),
  'mail of one mailbox': permits(mail('a@lab.example'), mail('a@lab.example')),
  'mail of another mailbox': permits(mail('a@lab.example'), mail('b@lab.example')),
  'mail of one mailbox in capitals': permits(mail('a@lab.example'), mail('A@lab.example')),
  'mail with an empty mailbox': permits(mail('@lab.example'), mail('a@lab.example')),
  'mail without a host': permits(mail('lab.example'), mail('lab.example')),
  'mail with two at signs': permits(mail('lab.example'), mail('a@b.example@lab.example')),
  'mail with a quoted at sign': excludes(mail('b.example'), mail('"a@b.example"@lab.example')),
  'mail, an empty base': permits(mail(''), mail('a@lab.example')),
  'mail excluded': excludes(mail('lab.example'), mail('a@lab.example')),
  'mail excluded elsewhere': excludes(mail('b.example'), mail('a@lab.example')),
  'mail with a NUL': excludes(mail('b.example'), mail('a@b.example\0')),
  'mail in the subject': { ...permits(mail('lab.example')), subject: withMail(0x16, 'a@b.example') },
  'mail in the subject, within': {
    ...permits(mail('lab.example')),
    subject: withMail(0x16, 'a@lab.example'),
  },
  'mail in the subject as UTF8String': {
    ...permits(mail('lab.example')),
    subject: withMail(0x0c, 'a@lab.example'),
  },
  'mail in the subject as UTF8String, under other constraints': {
    ...permits(dns('lab.example')),
    subject: withMail(0x0c, 'a@lab.example'),
  },
  'mailbox at a host': permits(mail('lab.example'), mailbox('ü@lab.example')),
  'mailbox elsewhere': permits(mail('lab.example'), mailbox('ü@b.example')),
  'mailbox at a host in capitals': permits(mail('lab.example'), mailbox('ü@LAB.example')),
  'mailbox in a domain': permits(mail('.lab.example'), mailbox('ü@c.lab.example')),
  'mailbox outside of a domain': permits(mail('.lab.example'), mailbox('ü@lab.example')),
  'mailbox excluded': excludes(mail('lab.example'), mailbox('ü@lab.example')),
  'mailbox in an excluded domain': excludes(mail('.lab.example'), mailbox('ü@c.lab.example')),
  'mailbox excluded elsewhere': excludes(mail('b.example'), mailbox('ü@lab.example')),
  'mailbox without a host': permits(mail('lab.example'), mailbox('ü')),
  'mailbox as IA5String': permits(
    mail('lab.example'),
    other('1.3.6.1.5.5.7.8.9', element(0x16, toUtf8('a@lab.example'))),
  ),
  'mailbox at a host of Punycode': permits(mail('xn--bcher-kva.example'), mailbox('ü@xn--bcher-kva.example')),
  'mailbox at a host of other letters': permits(mail('xn--bcher-kva.example'), mailbox('ü@bücher.example')),
  'mailbox at an excluded host of Punycode': excludes(
    mail('xn--bcher-kva.example'),
    mailbox('ü@xn--bcher-kva.example'),
  ),
  'mailbox under one mailbox': permits(mail('a@lab.example'), mailbox('ü@lab.example')),
  'mailbox under constraints of DNS': permits(dns('lab.example'), mailbox('ü@b.example')),
  'URI within': permits(uri('lab.example'), uri('https://lab.example/a')),
  'URI elsewhere': permits(uri('lab.example'), uri('https://b.example/a')),
  'URI in a domain': permits(uri('.lab.example'), uri('https://c.lab.example:8443/a')),
  'URI at the domain itself': permits(uri('.lab.example'), uri('https://lab.example')),
  'URI in capitals': permits(uri('lab.example'), uri('HTTPS://LAB.EXAMPLE/')),
  'URI with a user': permits(uri('lab.example'), uri('https://b.example@lab.example/')),
  'URI with a user that looks like the host': permits(
    uri('lab.example'),
    uri('spiffe://lab.example:x@b.example/'),
  ),
  'URI with a question mark in its user': permits(uri('b.example'), uri('https://lab.example?@b.example/')),
  'URI with a query': permits(uri('lab.example'), uri('https://lab.example?x=/')),
  'URI with a fragment': permits(uri('lab.example'), uri('https://lab.example#x/')),
  'URI with a query that names another host': excludes(
    uri('b.example'),
    uri('https://lab.example?@b.example'),
  ),
  'URI with an IPv6 address': permits(uri('lab.example'), uri('https://[2001:db8::1]/')),
  'URI with an IPv4 address': excludes(uri('b.example'), uri('https://10.0.0.1/')),
  'URI without a host': permits(uri('lab.example'), uri('urn:a:b')),
  'URI with an empty host': permits(uri('lab.example'), uri('https:///a')),
  'URI with a dot behind its host': excludes(uri('lab.example'), uri('https://lab.example./')),
  'URI excluded': excludes(uri('lab.example'), uri('https://lab.example/a')),
  'URI excluded by its domain': excludes(uri('.lab.example'), uri('https://c.lab.example/a')),
  'URI excluded elsewhere': excludes(uri('b.example'), uri('https://lab.example/a')),
  'URI, an empty base': permits(uri(''), uri('https://lab.example/')),
  'IP within': { ...permits(ip('7f000000ff000000'), ip('7f000001')) },
  'IP elsewhere': permits(ip('7f000000ff000000'), ip('0a000001')),
  'IP under a host’s mask': permits(ip('7f000001ffffffff'), ip('7f000001')),
  'IP under a mask with holes': permits(ip('7f000001ff0000ff'), ip('7f090901')),
  'IP, all': excludes(ip('0000000000000000'), ip('7f000001')),
  'IP of three bytes': permits(ip('7f000000ff000000'), ip('7f0000')),
  'IP under a base of four bytes': permits(ip('7f000001'), ip('7f000001')),
  'IP under a base of five bytes': excludes(ip('7f000001ff'), ip('7f000001')),
  'IP under an empty base': permits(ip(''), ip('7f000001')),
  'IPv6 under a base of IPv4': permits(ip('7f000000ff000000'), ip('20010db8000000000000000000000001')),
  'IPv6 within': permits(
    ip(`20010db8${'00'.repeat(12)}ffffffff${'00'.repeat(12)}`),
    ip('20010db8000000000000000000000001'),
  ),
  'IPv6 excluded': excludes(
    ip(`20010db8${'00'.repeat(12)}ffffffff${'00'.repeat(12)}`),
    ip('20010db8000000000000000000000001'),
  ),
  'a directory name within': permits(directory(attribute('2.5.4.10', utf8('Lab')))),
  'a directory name in capitals': permits(directory(attribute('2.5.4.10', utf8('LAB')))),
  'a directory name of another type': permits(directory(attribute('2.5.4.10', element(0x13, toUtf8('Lab'))))),
  'a directory name elsewhere': permits(directory(attribute('2.5.4.10', utf8('Other')))),
  'a directory name, only a part of it': permits(directory(attribute('2.5.4.10', utf8('La')))),
  'a directory name, the second part': permits(directory(commonName('Server'))),
  'a directory name, empty': permits(directory()),
  'a directory name excluded': excludes(directory(attribute('2.5.4.10', utf8('Lab')))),
  'a directory name excluded, empty': excludes(directory()),
  'a directory name excluded elsewhere': excludes(directory(attribute('2.5.4.10', utf8('Other')))),
  'a directory name with two parts in one set': permits(
    directory(set(sequence(oid('2.5.4.10'), utf8('Lab')), sequence(oid('2.5.4.3'), utf8('Server')))),
  ),
  'a registered number': permits(element(0x88, '2a03'), element(0x88, '2a03')),
  'an unused kind': permits(element(0x88, '2a03')),
  'another name’s kind': permits(other('1.2.3.4', utf8('a')), other('1.2.3.5', utf8('a'))),
  'another name of one kind': permits(other('1.2.3.4', utf8('a')), other('1.2.3.4', utf8('a'))),
  'another name excluded': excludes(other('1.2.3.4', utf8('a')), other('1.2.3.4', utf8('b'))),
  'a mailbox as base': permits(mailbox('ü@lab.example'), mailbox('ü@lab.example')),
  'no subtrees': { permitted: [] },
  'DNS twice, one within': { permitted: [dns('b.example'), dns('lab.example')] },
}

function constraintsOf({ permitted, excluded }: Constrained): Bytes {
  const subtrees = (bases: readonly Bytes[]): Bytes => concat(...bases.map((base) => sequence(base)))
  return sequence(
    permitted?.length ? context(0, true, subtrees(permitted)) : hex(''),
    excluded ? context(1, true, subtrees(excluded)) : hex(''),
  )
}

/** All faults of hosts and constraints. */
export function nameFaults(): readonly Fault[] {
  const hosts = Object.entries(HOSTS).map(([name, given]): Fault => ({
    kind: 'hosts',
    name: `hosts: ${name}`,
    apply: applied(given),
  }))
  const constraints = Object.entries(CONSTRAINTS).map(([name, given]): Fault => ({
    kind: 'constraints',
    name: `constraints: ${name}`,
    apply: (plan) => {
      applied(given)(plan)
      plan.between.extensions.set('constraints', extension(IDS.constraints, constraintsOf(given), true))
    },
  }))
  return [...hosts, ...constraints]
}
