/** Paths with revocation lists: good ones, every reason, every scope, and lists that can't be relied on. */
import type { Bytes } from '#shared/bytes'
import { AUTHORITY, INTERMEDIATE, OpenSslPki, PKI_NOW, SERVER, withLines, type Issued } from './open-ssl-pki'
import { extension, hex } from './der'
import {
  certificateIssuer,
  certificateOf,
  deltaOf,
  freshest,
  issuingPoint,
  writeList,
  type WrittenEntry,
  type WrittenList,
} from './revocation-cases/list-writer'

/** One path: root, intermediate, server; and lists. */
export interface RevocationCase {
  readonly name: string
  readonly leaf: Issued
  readonly between: Issued
  readonly root: Issued
  /** Certificates beside the intermediate. */
  readonly others: readonly Issued[]
  readonly lists: readonly Bytes[]
}

const DAY = 86_400_000
const HERE = 'http://lab.example/a.crl'
const REASONS = [undefined, 0, 1, 2, 3, 4, 5, 6, 8, 9, 10] as const
const KEY = 'ec:P-256'
/** ReasonFlags: keyCompromise and cACompromise; all others. */
const [COMPROMISE, OTHERS] = ['0560', '071f80'] as const

/** Makes all cases; times are around `PKI_NOW`. */
export function makeRevocationCases(folder: string): readonly RevocationCase[] {
  const pki = new OpenSslPki(folder)
  const issue = (subject: string, key: string, extensions: readonly string[], issuer?: Issued): Issued =>
    pki.issue({ subject, key: `${KEY} ${key}`, extensions, ...(issuer ? { issuer } : {}) })
  const root = issue('/O=Lab/CN=Root', 'root', AUTHORITY)
  const between = issue('/O=Lab/CN=Intermediate', 'between', INTERMEDIATE, root)
  const leaf = issue('/CN=ID-Server', 'server', SERVER, between)
  const point = (...lines: readonly string[]): Issued =>
    issue('/CN=ID-Server', 'server', [...SERVER, 'crlDistributionPoints=point', '[point]', ...lines], between)
  const placed = point(`fullname=URI:${HERE}`)
  const someReasons = point(`fullname=URI:${HERE}`, 'reasons=keyCompromise,CACompromise')
  const elsewhere = point(`fullname=URI:${HERE}`, 'CRLissuer=dirName:whose', '[whose]', 'O=Lab', 'CN=Root')
  const noLists = issue(
    '/O=Lab/CN=Intermediate',
    'between',
    withLines(INTERMEDIATE, 'keyUsage=critical,keyCertSign'),
    root,
  )
  const listSigner = issue(
    '/O=Lab/CN=Intermediate',
    'lists',
    withLines(INTERMEDIATE, 'basicConstraints=critical,CA:FALSE', 'keyUsage=critical,cRLSign'),
    root,
  )
  const stranger = issue('/CN=Stranger', 'stranger', AUTHORITY)

  const cases: RevocationCase[] = []
  const of = (list: WrittenList): Bytes => writeList(list)
  const ofRoot = (list: Partial<WrittenList> = {}): Bytes => of({ by: root, ...list })
  const ofBetween = (list: Partial<WrittenList> = {}): Bytes => of({ by: between, ...list })
  const on = (certificate: Issued, more: Partial<WrittenEntry> = {}): WrittenEntry => ({
    serial: certificateOf(certificate).serial,
    ...more,
  })
  const add = (name: string, lists: readonly Bytes[], more: Partial<RevocationCase> = {}): void => {
    cases.push({ name, leaf, between, root, others: [], lists, ...more })
  }
  /** The root's good list, and one of the intermediate with something about it. */
  const server = (name: string, list: Partial<WrittenList>, more: Partial<RevocationCase> = {}): void => {
    add(name, [ofRoot(), ofBetween(list)], more)
  }

  server('nobody is revoked', {})
  for (const reason of REASONS) {
    const entry = on(leaf, reason === undefined ? {} : { reason })
    server(`server revoked, reason ${reason ?? 'not given'}`, { entries: [{ serial: '01' }, entry] })
  }
  server('others revoked', { entries: [{ serial: '01' }, { serial: '8001' }] })
  server('server twice, once removed', { entries: [on(leaf, { reason: 8 }), on(leaf, { reason: 1 })] })
  add('intermediate revoked', [ofRoot({ entries: [on(between, { reason: 2 })] }), ofBetween()])
  add('root revokes itself', [ofRoot({ entries: [on(root)] }), ofBetween()])
  add('server on the root’s list', [ofRoot({ entries: [on(leaf)] }), ofBetween()])
  add('no list of the intermediate', [ofRoot()])
  add('no list of the root', [ofBetween()])

  server('out of date', { nextUpdate: PKI_NOW - 1000 })
  server('in its last second', { nextUpdate: PKI_NOW })
  server('from the future', { thisUpdate: PKI_NOW + 1000 })
  server('from this second', { thisUpdate: PKI_NOW })
  server('no next update', { nextUpdate: null })
  server('dates before 2050 as GeneralizedTime', { generalized: true })
  server('out of date, server revoked', { nextUpdate: PKI_NOW - DAY, entries: [on(leaf)] })
  add('out of date beside a newer one', [ofRoot(), ofBetween({ nextUpdate: PKI_NOW - 1000 }), ofBetween()])

  server('broken signature', { fault: 'signature' })
  server('two algorithms', { fault: 'algorithms' })
  server('an empty list of entries', { fault: 'empty entries' })
  server('another key identifier', { keyIdentifier: 'a5'.repeat(20) })
  server('no key identifier', { keyIdentifier: null })
  server('no number', { number: null })
  server('version 1', { version: null, number: null, keyIdentifier: null })
  server('version 1 with extensions', { version: null })
  server('version 3', { version: 2 })
  add('signed by a stranger', [ofRoot(), of({ by: stranger, as: between })])
  add('of a stranger', [ofRoot(), of({ by: stranger })])
  add('signed by a stranger beside a good one', [ofRoot(), of({ by: stranger, as: between }), ofBetween()])
  add('signed with a key that may not sign lists', [ofRoot(), of({ by: noLists })], { between: noLists })
  const separate = of({ by: listSigner, entries: [{ serial: '01' }] })
  add('signed with a key for lists alone', [ofRoot(), separate], { others: [listSigner] })
  add('the same, and that one is not here', [ofRoot(), separate])
  add('the same, and that one is revoked', [ofRoot({ entries: [on(listSigner)] }), separate], {
    others: [listSigner],
  })

  const [unknown, plain] = [true, false].map((critical) => extension('1.2.3.4', hex('0500'), critical))
  server('an unknown critical extension', { extensions: [unknown!] })
  server('an unknown extension', { extensions: [plain!] })
  server('an entry with an unknown critical extension', {
    entries: [{ serial: '01', extensions: [unknown!] }],
  })
  server('an entry with an unknown extension', { entries: [{ serial: '01', extensions: [plain!] }] })

  const scoped = (name: string, scope: Parameters<typeof issuingPoint>[0], given = leaf): void =>
    server(name, { extensions: [issuingPoint(scope)] }, { leaf: given })
  scoped('users alone', { only: 'user' })
  scoped('authorities alone', { only: 'authority' })
  scoped('attribute certificates alone', { only: 'attribute' })
  const authorities = [issuingPoint({ only: 'authority' })]
  add('the root’s for authorities alone', [ofRoot({ extensions: authorities }), ofBetween()])
  const users = [issuingPoint({ only: 'user' })]
  add('the root’s for users alone', [ofRoot({ extensions: users }), ofBetween()])
  scoped('the point that the server names', { uri: HERE }, placed)
  scoped('another point', { uri: `${HERE}2` }, placed)
  scoped('a point, and the server names none', { uri: HERE })
  server('the server names a point, and the list has none', {}, { leaf: placed })
  scoped('some reasons', { reasons: COMPROMISE })
  const halves = (entries: readonly WrittenEntry[]): readonly Bytes[] => [
    ofBetween({ extensions: [issuingPoint({ reasons: COMPROMISE })] }),
    ofBetween({ extensions: [issuingPoint({ reasons: OTHERS })], entries }),
  ]
  add('all reasons in two lists', [ofRoot(), ...halves([])])
  add('all reasons in two lists, revoked in the second', [ofRoot(), ...halves([on(leaf, { reason: 4 })])])
  server('a point for some reasons, and a whole list', {}, { leaf: someReasons })

  const indirect = (entries: readonly WrittenEntry[], isIndirect = true): readonly Bytes[] => [
    ofRoot({ extensions: [issuingPoint({ uri: HERE, indirect: isIndirect })], entries }),
    ofRoot(),
  ]
  const whose = [certificateIssuer(between)]
  add('the root’s list covers the intermediate’s', indirect([]), { leaf: elsewhere })
  add('the same, server revoked', indirect([on(elsewhere, { extensions: whose })]), { leaf: elsewhere })
  add('the same, another’s number', indirect([on(elsewhere)]), { leaf: elsewhere })
  add('the same, the issuer said before', indirect([{ serial: '01', extensions: whose }, on(elsewhere)]), {
    leaf: elsewhere,
  })
  add('the same, not said to', indirect([], false), { leaf: elsewhere })

  const delta = (list: Partial<WrittenList>, base = 1): Bytes =>
    ofBetween({ number: 2, ...list, extensions: [deltaOf(base), ...(list.extensions ?? [])] })
  const complete = (entries: readonly WrittenEntry[] = []): Bytes =>
    ofBetween({ entries, extensions: [freshest(HERE)] })
  const held = complete([on(leaf, { reason: 6 })])
  const revoking = delta({ entries: [on(leaf, { reason: 1 })] })
  add('a delta that revokes', [ofRoot(), complete(), revoking])
  add('a delta that revokes, not announced', [ofRoot(), ofBetween(), revoking])
  add('a delta that ends a hold', [ofRoot(), held, delta({ entries: [on(leaf, { reason: 8 })] })])
  add('a delta without news', [ofRoot(), held, delta({})])
  add('a delta alone', [ofRoot(), delta({})])
  add('a delta to a later list', [ofRoot(), complete(), delta({ number: 9, entries: [on(leaf)] }, 8)])
  add('a delta of another scope', [
    ofRoot(),
    complete(),
    delta({ entries: [on(leaf)], extensions: [issuingPoint({ only: 'user' })] }),
  ])
  add('a delta that is out of date', [ofRoot(), complete(), delta({ nextUpdate: PKI_NOW - 1000 })])
  add('a delta with a broken signature', [ofRoot(), complete(), delta({ fault: 'signature' })])
  return cases
}
