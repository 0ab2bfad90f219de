/** The requests that the application server answers. */
import { toBase64, toUtf8, type Bytes } from '../bytes'
import { isoTime } from '../time'

/** What an answer can speak of. `age`: seconds since the session started. */
export interface RequestContext {
  readonly now: () => number
  readonly random: (length: number) => Bytes
  readonly idC: string
  readonly address: string
  readonly port: number
  readonly age: number
}

export const MAX_BYTES_REQUEST = 512 * 1024

/** Bytes of a request that fit into step 7 in either suite, with all that is around them there. */
export const MAX_REQUEST_BYTES = 1_048_500

/** The bytes that a request takes inside the message: written as JSON, in UTF-8. */
export function requestBytes(request: string): number {
  return toUtf8(JSON.stringify(request)).length - 2
}

/** Every request with what it answers, for help texts and menus. */
export const REQUESTS = [
  { form: 'time', example: 'time', about: 'the server’s date and time' },
  { form: 'whoami', example: 'whoami', about: 'your identity, address, port and the age of the session' },
  { form: 'echo TEXT', example: 'echo hello', about: 'the text again' },
  { form: 'bytes N', example: 'bytes 1024', about: `N random bytes in base64, up to ${MAX_BYTES_REQUEST}` },
] as const

/** How many random bytes a request asks for; undefined where it is not granted any. */
export function bytesAskedFor(request: string): number | undefined {
  const [, digits] = /^bytes (\d{1,9})$/.exec(request) ?? []
  return digits !== undefined && Number(digits) <= MAX_BYTES_REQUEST ? Number(digits) : undefined
}

/** Answers a request; one that is not known gets a text that lists those that are. */
export function answerRequest(request: string, context: RequestContext): string {
  if (request === 'time') return isoTime(context.now())
  if (request === 'whoami') {
    return `${context.idC} at ${context.address}:${context.port}, session age ${context.age.toFixed(1)} s`
  }
  const [, echoed] = /^echo (.*)$/s.exec(request) ?? []
  if (echoed !== undefined) return echoed
  const count = bytesAskedFor(request)
  if (count !== undefined) return toBase64(context.random(count))
  const list = REQUESTS.map(({ form, about }) => `${form} (${about})`).join('; ')
  return `Unknown request. This server answers: ${list}.`
}
