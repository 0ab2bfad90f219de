/** Files for the inspector: very large ones, long chains, and a dozen ways to be broken. */
import { concat, toUtf8, type Bytes } from '#shared/bytes'
import { decodePem, encodePem } from '#shared/crypto/encodings/pem'
import type { RsaKeyPair } from '#shared/crypto/primitives/rsa'
import { toBinaryString } from '#shared/bytes'
import { issueFaulty, type ExtensionTemplate } from './certificates'
import { keyPair } from './credentials'

/** As Playwright hands files to a page. */
export interface Payload {
  readonly name: string
  readonly mimeType: string
  readonly buffer: Buffer
}

const DAY = 86_400_000
const MEBIBYTE = 1024 * 1024

export function payload(name: string, content: Uint8Array | string): Payload {
  const bytes = typeof content === 'string' ? toUtf8(content) : content
  return { name, mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) }
}

/** An ordinary certificate. */
export async function smallCertificate(): Promise<Payload> {
  const pair = await keyPair('other')
  return payload('small.crt', issue(pair, { issuer: 'Small', subject: 'Small', extensions: [] }))
}

/** A certificate of more than a mebibyte: one extension that is a single long string. */
export async function longCertificate(): Promise<Payload> {
  const pair = await keyPair('other')
  const value = toBinaryString(element(0x04, new Uint8Array(MEBIBYTE).fill(0xab)))
  const extensions = [{ name: 'long', id: '1.2.3.4.5', value }]
  return payload('long.crt', issue(pair, { issuer: 'Long', subject: 'Long', extensions }))
}

/** A certificate of more than a mebibyte: for very many hosts. */
export async function manyNames(): Promise<Payload> {
  const pair = await keyPair('other')
  const altNames = Array.from({ length: 24_000 }, (_, index) => ({
    type: 2,
    value: `host-${index}.a-rather-long-name.example.org`,
  }))
  const extensions = [{ name: 'subjectAltName', altNames }]
  return payload('names.crt', issue(pair, { issuer: 'Names', subject: 'Names', extensions }))
}

/** Certificates of which each but the last was issued by the next, in PEM, the server's first. */
export async function longChain(length: number): Promise<Payload> {
  const pair = await keyPair('other')
  const pems = Array.from({ length }, (_, index) =>
    issue(pair, {
      subject: `Link ${index}`,
      issuer: `Link ${Math.min(index + 1, length - 1)}`,
      extensions: [{ name: 'basicConstraints', critical: true, cA: index > 0 }],
    }),
  )
  return payload('chain.pem', pems.join(''))
}

/** Files that are no key and no certificate, and once were or pretend to be. */
export async function brokenFiles(): Promise<readonly Payload[]> {
  const pem = issue(await keyPair('other'), { issuer: 'Broken', subject: 'Broken', extensions: [] })
  const der = decodePem('CERTIFICATE', pem)
  const damaged = der.slice()
  damaged.set([0x84, 0xff, 0xff, 0xff, 0xff], 5)
  return [
    payload('empty.pem', ''),
    payload(
      'garbage.bin',
      Uint8Array.from({ length: 5_000 }, (_, index) => (index * 7_919 + 13) % 251),
    ),
    payload('text.txt', 'A shopping list: apples, bread, certificates.'),
    payload('truncated.der', der.slice(0, 300)),
    payload('truncated.pem', encodePem('CERTIFICATE', der.slice(0, 300))),
    payload('too-long.der', damaged),
    payload('half-a-header.der', Uint8Array.of(0x30, 0x82)),
    payload('huge.der', Uint8Array.of(0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0x02, 0x01, 0x01)),
    payload('too-long-inside.der', Uint8Array.of(0x30, 0x05, 0x02, 0x09, 0x01, 0x01, 0x01)),
    payload('deep.der', nested(10_000)),
    payload(
      'deep-indefinite.der',
      new Uint8Array(20_000).map((_, index) => (index % 2 === 0 ? 0x30 : 0x80)),
    ),
    payload('half.pem', pem.slice(0, pem.length / 2)),
    payload('not-base64.pem', pem.replace(/^M/m, '!')),
    payload('broken.json', '{"kty":"RSA","n":'),
  ]
}

/** SEQUENCEs inside each other. */
function nested(depth: number): Bytes {
  let inside: Bytes = Uint8Array.of(0x05, 0x00)
  const headers: Bytes[] = []
  let length = inside.length
  for (let level = 0; level < depth; level++) {
    const header = headerOf(0x30, length)
    headers.push(header)
    length += header.length
  }
  inside = concat(...headers.reverse(), inside)
  return inside
}

function element(tag: number, content: Bytes): Bytes {
  return concat(headerOf(tag, content.length), content)
}

function headerOf(tag: number, length: number): Bytes {
  if (length < 0x80) return Uint8Array.of(tag, length)
  const bytes: number[] = []
  for (let left = length; left > 0; left = Math.floor(left / 256)) bytes.unshift(left % 256)
  return Uint8Array.of(tag, 0x80 | bytes.length, ...bytes)
}

function issue(
  pair: RsaKeyPair,
  {
    subject,
    issuer,
    extensions,
  }: { subject: string; issuer: string; extensions: readonly ExtensionTemplate[] },
): string {
  return issueFaulty({
    signer: pair.privateKey,
    publicKey: pair.publicKey,
    issuer,
    subject: [subject],
    notBefore: Date.now() - DAY,
    notAfter: Date.now() + 30 * DAY,
    extensions,
  })
}
