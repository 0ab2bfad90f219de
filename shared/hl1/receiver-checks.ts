/** The checks that every receiver makes, whatever the step (protocol.md section 7): frame, opening, members, freshness. */
import type { Bytes } from '../bytes'
import { assertNever, messageOf, passOwnFault } from '../errors'
import type { Finding } from '../record/checks'
import type { MemberSpec, MemberValue } from '../record/member'
import { perObject } from '../remember'
import { DECRYPT_FAILED, ProtocolError } from './alerts'
import type { CheckList } from './checks'
import type { Environment } from './environment'
import {
  checkHeader,
  checkLengthField,
  decodeHeader,
  HEADER_BYTES,
  headerField,
  LENGTH_BYTES,
  type FrameExpectation,
} from './frame'
import { judgeFreshness } from './freshness'
import { readMembers } from './members'
import { parseObject, type ReadObject } from './read-object'
import type { OpenedBody } from './conduct'
import type { StepNumber } from './steps'
import type { Hl1Sheet } from './types'

/**
 * The first check: is this a frame, whole, and of the step that is waited for?
 * @throws ProtocolError as `checkHeader` does; `malformed` when it ended early
 */
export function checkFrame(frame: Bytes, expected: FrameExpectation, checks: CheckList): void {
  try {
    if (frame.length >= LENGTH_BYTES) checkLengthField(headerField(frame, 'length'), expected.step)
    if (frame.length < HEADER_BYTES) throw truncated(expected.step)
    const header = decodeHeader(frame)
    checkHeader(header, expected)
    if (header.length + LENGTH_BYTES !== frame.length) throw truncated(expected.step)
    const reason = 'Version, suite, type, length and flags are those of the step that was expected.'
    checks.require('frame', 'malformed', {
      ok: true,
      reason,
      found: `type ${header.type}, ${header.length} bytes`,
    })
  } catch (error) {
    checks.fail('frame', messageOf(error))
    throw error
  }
}

function truncated(step: number): ProtocolError {
  const message = 'The frame ended before the number of bytes that its length field says.'
  return new ProtocolError({ code: 'malformed', step, message })
}

/** A body opened, its parts read as JSON objects. */
type Opened<S> = OpenedBody<S> & { readonly objects: readonly ReadObject[] }

/**
 * The second: opens the body and reads its parts as JSON objects. `isClear`: nothing is encrypted, so that a
 * body that can't be read is malformed and not closed to anyone.
 * @throws ProtocolError `decrypt_failed`, `malformed`
 */
export async function openBody<S>(
  open: () => Promise<OpenedBody<S>>,
  {
    step,
    members,
    isClear,
  }: { readonly step: StepNumber; readonly members: readonly MemberSpec[]; readonly isClear: boolean },
  checks: CheckList,
): Promise<Opened<S>> {
  try {
    const opened = await open()
    const objects = await Promise.all(opened.parts.map((part) => parseObject(part, members)))
    const reason = isClear
      ? 'Nothing in this message is encrypted; what is inside is a JSON object.'
      : 'The body could be opened, and what is inside is a JSON object.'
    checks.require('decryption', 'decrypt_failed', { ok: true, reason })
    return { ...opened, objects }
  } catch (cause) {
    passOwnFault(cause)
    if (isClear) {
      checks.fail('members', whyNoObject(messageOf(cause)))
      throw new ProtocolError({ code: 'malformed', step, message: NO_OBJECT }, { cause })
    }
    checks.fail('decryption', `${DECRYPT_FAILED} ${messageOf(cause)}`)
    throw new ProtocolError({ code: 'decrypt_failed', step, message: DECRYPT_FAILED }, { cause })
  }
}

const NO_OBJECT = 'The body is not a JSON object.'

/** What is wrong with a body in clear, in the alert's words: it was never under a key, so nobody calls it a plaintext. */
function whyNoObject(said: string): string {
  const [, why] = /^The plaintext is (not .*)$/.exec(said) ?? []
  if (why === undefined) return said
  return why === 'not a JSON object.' ? NO_OBJECT : `${NO_OBJECT.slice(0, -1)}: it is ${why}`
}

const allThere = perObject(({ members }: Hl1Sheet): Finding => {
  const expected = members.map(({ name }) => name).join(', ')
  return { ok: true, reason: `All members are there: ${expected}.` }
})

/** The third: takes the step's members out of the objects; throws ProtocolError `malformed`. */
export function takeMembers(
  sheet: Hl1Sheet,
  { objects, outside }: Pick<Opened<unknown>, 'objects' | 'outside'>,
  checks: CheckList,
): Readonly<Record<string, MemberValue>> {
  const values: Record<string, MemberValue> = { ...outside }
  for (const [index, part] of sheet.objects.entries()) {
    const read = readMembers(part, objects[index]?.object ?? {})
    if ('problem' in read) checks.require('members', 'malformed', { ok: false, reason: read.problem })
    else Object.assign(values, read.values)
  }
  checks.require('members', 'malformed', allThere(sheet))
  return values
}

/** The last: is the step's timestamp fresh? Throws ProtocolError `stale_timestamp`, `future_timestamp`. */
export function checkFreshness(
  specs: readonly MemberSpec[],
  values: Readonly<Record<string, MemberValue>>,
  maxAge: number,
  environment: Environment,
  checks: CheckList,
): void {
  const timestamp = Number(values[specs.find((spec) => spec.kind === 'timestamp')?.name ?? ''])
  const now = environment.now()
  const seconds = (Math.abs(now - timestamp) / 1000).toFixed(3)
  const found = now >= timestamp ? `${seconds} s old` : `${seconds} s ahead`
  const freshness = judgeFreshness(timestamp, now, maxAge)
  const expected = `at most ${maxAge} s from the receiver’s clock`
  switch (freshness) {
    case 'fresh':
      return checks.require('freshness', 'stale_timestamp', {
        ok: true,
        reason: 'The timestamp is close enough to the receiver’s clock.',
        found,
        expected,
      })
    case 'stale':
      return checks.require('freshness', 'stale_timestamp', {
        ok: false,
        reason: `The timestamp is ${seconds} s old; the limit is ${maxAge} s.`,
        found,
        expected,
      })
    case 'future':
      return checks.require('freshness', 'future_timestamp', {
        ok: false,
        reason: `The timestamp lies ${seconds} s ahead; the limit is ${maxAge} s.`,
        found,
        expected,
      })
    default:
      return assertNever(freshness)
  }
}
