/** Cases in which the verdict differs from OpenSSL's on purpose. */
import type { PathCheckId } from '#shared/inspect/path/verdict'
import { AUTHORITY, OpenSslPki, PKI_NOW, SERVER, withLines } from '../open-ssl-pki'
import { resigned } from './altered'
import { Cases, type PathCase } from './cases'

/** Cases in which the verdict differs from OpenSSL's, with OpenSSL's and the reason: docs/decisions/0014. */
export interface PathDifference extends Omit<PathCase, 'fails'> {
  /** The checks that keep it from being accepted; none when it is accepted here and not by OpenSSL. */
  readonly refuses: readonly PathCheckId[]
}

/** Makes the cases in which the verdict differs on purpose. */
export function makePathDifferences(folder: string): readonly PathDifference[] {
  const cases = new Cases(new OpenSslPki(folder))
  cases.add('valid until this second', cases.server({ notAfter: PKI_NOW }))
  const between = cases.authority({ issuer: cases.root })
  const other = cases.authority({ issuer: cases.stranger })
  const leaf = cases.server({ issuer: between })
  cases.add('same intermediate by two roots, the trusted one last', leaf, [], {
    intermediates: [other, between],
  })
  const identifier = `subjectKeyIdentifier=${'00'.repeat(20)}`
  const [posing, true_] = ['again', 'root'].map((key) =>
    cases.authority({ extensions: withLines(AUTHORITY, identifier), key: `rsa:2048 ${key}` }),
  )
  cases.add('two roots with one name and one key identifier', cases.server({ issuer: true_! }), [], {
    anchors: [posing!, true_!],
  })
  cases.rooted('issuer on a curve over 2^m', [], ['signature'], { key: 'ec:sect283r1' })
  cases.add('RSA key of 2000 bits', cases.server({ key: 'rsa:2000 leaf' }), ['key_size'])
  cases.add('version 4', resigned(cases, SERVER, 'a003020102', 'a003020103'), ['form'])
  const unknown = [...SERVER, '1.2.3.4=DER:0500', '1.2.3.5=DER:0500']
  cases.add('an unknown extension twice', resigned(cases, unknown, '06032a0305', '06032a0304'), [
    'extensions',
  ])
  cases.leaf(
    'critical policies that can’t be read',
    ['certificatePolicies=critical,DER:0500'],
    ['extensions'],
  )
  cases.leaf('critical address blocks', ['sbgp-ipAddrBlock=critical,IPv4:inherit'], ['critical_extensions'])
  return cases.list.map(({ fails, ...rest }) => ({ ...rest, refuses: fails }))
}
