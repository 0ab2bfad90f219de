/** What somebody on the wire makes of a frame's bytes: their names, and what opens with the keys at hand, really decrypted. */
import { fromUtf8, type Bytes } from '../bytes'
import type { CryptoProvider } from '../crypto/provider'
import { otherwise, orUndefined } from '../errors'
import { decodeAlert } from '../hl1/alerts'
import { HEADER_BYTES, headerField, TYPE_ALERT } from '../hl1/frame'
import type { KeySymbol } from '../hl1/keys'
import type { HeldKey } from '../hl1/open-frame'
import { parseObject } from '../hl1/read-object'
import { alertRanges, describePlaintext, frameRanges } from '../hl1/record-parts'
import { isStepNumber, STEPS, type StepNumber } from '../hl1/steps'
import { suiteOfByte, SUITES, type SuiteName } from '../hl1/suites'
import { layoutOf } from '../record/layout'
import type { ByteRange } from '../record/range'
import { readFrame, type SecretName } from './eavesdropper'
import type { ReadBytes } from './live'
import { stepOf } from './wire'

/** What reading takes. */
export interface Eyes {
  /** Those that are there; those that the frame carries are added. */
  readonly keys: Map<SecretName, HeldKey>
  /** `th` before each step, as whoever has sent the frame, or gets it, counts it. */
  readonly transcripts: ReadonlyMap<number, Bytes>
  readonly crypto: CryptoProvider
  /** Whether a frame can be closed with a key. */
  readonly canClose: (symbol: KeySymbol) => boolean
}

/** Reads a frame. Never rejects for what it holds. */
export async function readBytes(
  frame: Bytes,
  { keys, transcripts, crypto, canClose }: Eyes,
): Promise<ReadBytes> {
  const { suite, step } = kindOf(frame)
  if (suite === undefined || step === undefined) return unread(frame)
  const { sheets } = SUITES[suite]
  const { term, objects, members: specs, layers } = sheets[step]
  const read = await readFrame(frame, keys, transcripts, crypto)
  const places = await Promise.all(
    read.plaintexts.map((plaintext, index) =>
      plaintext
        ? parseObject(plaintext, objects[index] ?? []).then(({ ranges }) => ranges, otherwise([]))
        : [],
    ),
  )
  const layout = layoutOf(term, frame, HEADER_BYTES)
  const title = STEPS[step].title
  const named = frameRanges(frame, suite, title, layout, places)
  const values = read.members
  const isWhole = specs.every(({ name }) => values[name] !== undefined)
  const canChange = isWhole && layers.every(({ key }) => canClose(key))
  return {
    bytes: frame,
    ranges: within(named, frame.length),
    plaintexts: read.plaintexts.flatMap((plaintext, index) =>
      plaintext ? [describePlaintext([plaintext], [places[index] ?? []], specs)] : [],
    ),
    members: specs.flatMap(({ name, symbol, kind, meaning }) => {
      const value = values[name]
      return value === undefined ? [] : [{ name, symbol, kind, meaning, value, canChange }]
    }),
    layers: layers.map(({ key, opensWith, algorithm }) => ({ key, opensWith, algorithm })),
    missing: [...new Set(read.missing)],
    unfit: [...new Set(read.unfit)],
  }
}

/** The suite and the step that a frame says it is of; undefined where it says what there is not. */
export function kindOf(frame: Bytes): {
  readonly suite: SuiteName | undefined
  readonly step: StepNumber | undefined
} {
  const step = frame.length < HEADER_BYTES ? 0 : stepOf(frame)
  const suite = frame.length < HEADER_BYTES ? undefined : suiteOfByte(headerField(frame, 'suite'))?.name
  return { suite, step: isStepNumber(step) ? step : undefined }
}

/** What a frame is called: its step, or the code of an alert. */
export function titleOf(frame: Bytes): string {
  const { step } = kindOf(frame)
  if (step !== undefined) return STEPS[step].title
  if (!isAlert(frame)) return 'none of the eight steps'
  return alertIn(frame)?.code ?? 'alert'
}

/** Whether a frame says that it is an alert. */
export function isAlert(frame: Bytes): boolean {
  return frame.length >= HEADER_BYTES && headerField(frame, 'type') === TYPE_ALERT
}

/** What an alert says; undefined for what can't be read as one. */
export function alertIn(frame: Bytes): ReturnType<typeof decodeAlert> | undefined {
  return isAlert(frame) ? orUndefined(() => decodeAlert(frame.subarray(HEADER_BYTES), 0)) : undefined
}

/** What is said of bytes that nobody has tried to open: an alert is in clear, all others are as they are. */
export function unread(frame: Bytes): ReadBytes {
  const { suite, step } = kindOf(frame)
  const ranges = isAlert(frame) ? alertRanges(frame) : frameRanges(frame, suite, titleOf(frame))
  const clear = isAlert(frame) && orUndefined(() => fromUtf8(frame.subarray(HEADER_BYTES))) !== undefined
  return {
    bytes: frame,
    ranges: within(ranges, frame.length),
    plaintexts: clear ? [{ bytes: frame.slice(HEADER_BYTES), ranges: [] }] : [],
    members: [],
    layers: suite !== undefined && step !== undefined ? SUITES[suite].sheets[step].layers : [],
    missing: [],
    unfit: [],
  }
}

/** Ranges as far as they lie in so many bytes: a field may claim more than there is. */
function within(ranges: readonly ByteRange[], length: number): readonly ByteRange[] {
  return ranges.flatMap((range) =>
    range.start < length || range.start === range.end ? [{ ...range, end: Math.min(range.end, length) }] : [],
  )
}
