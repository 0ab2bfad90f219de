/** The first words between a client and a display (X Window System Protocol, section 8), as far as a yes or no. */
import type { Authorization } from './x-authority'

const LITTLE_ENDIAN = 0x6c
const MAJOR_VERSION = 11
const FAILED = 0

/** What a client sends first. */
export function connectionSetup(authorization: Authorization | undefined): Buffer {
  const name = Buffer.from(authorization?.name ?? '', 'latin1')
  const data = Buffer.from(authorization?.data ?? [])
  const head = Buffer.alloc(12)
  head[0] = LITTLE_ENDIAN
  head.writeUInt16LE(MAJOR_VERSION, 2)
  head.writeUInt16LE(name.length, 6)
  head.writeUInt16LE(data.length, 8)
  return Buffer.concat([head, padded(name), padded(data)])
}

/** What the first byte of the answer says: anything but a refusal is for Chromium to deal with. */
export function acceptsClient(answer: Uint8Array): boolean {
  return answer[0] !== FAILED
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)])
}
