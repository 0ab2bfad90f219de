/** Chains with faults that were reported of other tools: each with its right verdict, and with OpenSSL's. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Bytes } from '#shared/bytes'
import { decodePem } from '#shared/crypto/encodings/pem'
import { judgeCertificate, refuses } from '#shared/inspect/path'
import type { PathCheckId } from '#shared/inspect/path/verdict'
import { openssl } from '../support/open-ssl'

const FOLDER = join(import.meta.dirname, '../vectors/faults/verdict')
/** All of them are valid then, by the dates that can be read. */
const NOW = Date.UTC(2026, 0)

interface Right {
  /** Checks that refuse it; none where it is accepted. */
  readonly refused: readonly PathCheckId[]
  /** What OpenSSL prints. */
  readonly openssl: RegExp
  /** Why OpenSSL’s verdict is another: docs/decisions/0014. */
  readonly differs?: string
}

const CANNOT_LOAD = /Unable to load certificate/
const RIGHT: Readonly<Record<string, Right>> = {
  't-gentime-fraction': { refused: ['dates', 'form'], openssl: /error 14 at 0/ },
  't-gentime-nozone': { refused: ['dates', 'form'], openssl: /error 13 at 0/ },
  't-utctime-no-seconds': { refused: ['dates', 'form'], openssl: /error 13 at 0/ },
  's-leading-zeros': { refused: ['form'], openssl: CANNOT_LOAD },
  'n-cn-octetstring': { refused: ['form'], openssl: CANNOT_LOAD },
  'n-utf8-invalid': { refused: ['form'], openssl: CANNOT_LOAD },
  'k-ec-offcurve': { refused: ['key_size'], openssl: /error 66 at 0/ },
  'k-spki-unused-bits': { refused: ['key_size', 'form'], openssl: /error 66 at 0/ },
  'k-n-negative': { refused: [], openssl: /: OK/ },
  'y-leaf-SM2': { refused: [], openssl: /: OK/ },
  'c-othername-smtputf8-email': { refused: ['name_constraints'], openssl: /error 47 at 0/ },
  'c-smtp-excluded': { refused: ['name_constraints'], openssl: /error 48 at 0/ },
  'c-smtp-permitted-dot': {
    refused: [],
    openssl: /error 47 at 0/,
    differs: 'RFC 9598 section 6: the mailbox is within',
  },
  'p-psskey-needs-sha512': { refused: ['signature'], openssl: /error 7 at 0/ },
  'p-mgf-sha1': { refused: [], openssl: /: OK/ },
  'g-ecdsa-padded-ints': { refused: ['signature', 'form'], openssl: /error 7 at 0/ },
  'r-e-bits-40': { refused: [], openssl: /: OK/ },
  'r-e-bits-257': { refused: [], openssl: /: OK/ },
  'c-uri-userinfo': {
    refused: ['name_constraints'],
    openssl: /: OK/,
    differs: 'RFC 3986 section 3.2: what is before the @ is no host',
  },
  'c-uri-query-host': {
    refused: [],
    openssl: /error 47 at 0/,
    differs: 'RFC 3986 section 3.2: a host ends where the query begins',
  },
  'h-ip4-octal': { refused: ['host_name'], openssl: /: OK/, differs: 'no address is written so' },
}

function pems(text: string): readonly Bytes[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/g) ?? []
  return blocks.map((pem) => decodePem('CERTIFICATE', pem))
}

describe('a chain with a fault has the right verdict', () => {
  it('and each of the folder has one here', () => {
    expect(readdirSync(FOLDER)).toEqual(Object.keys(RIGHT).toSorted())
  })

  it.each(Object.entries(RIGHT))('%s', async (name, right) => {
    const at = (file: string): string => join(FOLDER, name, file)
    const textOf = (file: string): string => (existsSync(at(file)) ? readFileSync(at(file), 'utf8') : '')
    const host = textOf('host').trim()
    const verdict = await judgeCertificate(new Uint8Array(readFileSync(at('leaf.der'))), {
      now: NOW,
      host,
      trustAnchors: pems(textOf('ca.pem')),
      intermediates: pems(textOf('untrusted.pem')),
    })
    const refusing = verdict.checks.filter(refuses).map(({ id }) => id)
    expect(refusing, verdict.conclusion).toEqual(right.refused)
    const others = existsSync(at('untrusted.pem')) ? ['-untrusted', at('untrusted.pem')] : []
    const asked = host === '' ? [] : [/^[\d.]+$/.test(host) ? '-verify_ip' : '-verify_hostname', host]
    const { ok, output } = await openssl([
      ...['verify', '-x509_strict', '-purpose', 'sslserver', '-auth_level', '2', '-no-CApath', '-no-CAstore'],
      ...['-attime', String(NOW / 1000), ...asked, '-CAfile', at('ca.pem'), ...others, at('leaf.der')],
    ])
    expect(output).toMatch(right.openssl)
    expect(ok !== verdict.accepted, output).toBe(right.differs !== undefined)
  })
})
