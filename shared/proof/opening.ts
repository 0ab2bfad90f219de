/** Claims on what opens: every layer of a body's part, the outermost first, as the sheet's term has them. */
import { HEADER_BYTES } from '../hl1/frame'
import type { AsymTerm, SealTerm, SymTerm } from '../record/term'
import type { Body, ObjectPart } from './body'
import { opening, openingWords, read, sizes, tagFits, type Place } from './ciphers'
import { claim, skip, type Item } from './claim'
import type { Subject } from './proving'
import { areBytes, not, slice, together, word, worked, zeros } from './shell'
import { transcriptBefore } from './transcript'

/** What opens a part, and where its plaintext then stands. */
export interface Opened {
  readonly items: readonly Item[]
  /** Undefined where it stays shut. */
  readonly place: Place | undefined
  /** What a line that reads the place needs. */
  readonly needs: readonly string[]
}

/** The bytes of GCM's nonce that no sequence number fills (protocol.md section 4). */
const NONCE_BYTES = 12

/** Opens a part as far as its keys are there. */
export function openingOf(part: ObjectPart, body: Body, subject: Subject): Opened {
  const { message } = subject
  const items: Item[] = []
  let needs: readonly string[] = []
  let place: Place = { file: word(message.file), start: part.start, end: part.end }
  let term: typeof part.term | AsymTerm['body'] = part.term
  for (let depth = 1; ; depth++) {
    switch (term.is) {
      case 'object':
        return { items, place, needs }
      case 'prefixed': {
        const { size, name } = term.field
        const { file, start } = place
        const value = message.frame.slice(start, start + size)
        const line = areBytes(file, start, value)
        const words = `${message.label}: ${name} is ${part.end - start - size} bytes`
        items.push(claim(words, [message.file], line))
        place = { ...place, start: start + size }
        term = term.body
        break
      }
      case 'raw':
      case 'join':
        // Only a body's own parts stand behind one another, and those in clear have no layers.
        return { items, place: undefined, needs }
      default: {
        const name = `${message.id}-${part.index + 1}-${depth}`
        const layer = openLayer(term, { place, name, needs, body }, subject)
        items.push(...layer.items)
        if (!layer.isOpen) return { items, place: undefined, needs }
        place = { file: worked(name), start: 0 }
        needs = [name]
        term = term.body
      }
    }
  }
}

interface Layer {
  readonly place: Place
  /** Of the file that is left for work. */
  readonly name: string
  readonly needs: readonly string[]
  readonly body: Body
}

function openLayer(
  term: AsymTerm | SymTerm | SealTerm,
  { place, name, needs, body }: Layer,
  subject: Subject,
): { readonly items: readonly Item[]; readonly isOpen: boolean } {
  const { message, view, keys } = subject
  const { label } = message
  const { cipher } = term
  const symbol = term.is === 'asym' ? term.opensWith : term.key
  const key = keys.of(view, symbol)
  if (!key) return { items: [skip(`${label}: opens with ${symbol}`, keys.why(view, symbol))], isOpen: false }
  const files = [message.file, key.file]
  const from = place.start + sizes(cipher.before)
  const after = sizes(cipher.after)
  const to = place.end === undefined ? undefined : place.end - after
  const iv = ivOf(term, place, body, subject)
  const ciphertext = {
    key: key.file,
    iv,
    text: read({ file: place.file, start: from, ...(to === undefined ? {} : { end: to }) }),
    textLength: to === undefined ? 0 : to - from,
  }
  const line = `${opening(cipher, ciphertext)} >${worked(name)}`
  const isRefused =
    message.received?.outcome.ok === false &&
    keys.heard(message)?.unfit.some((each) => each === symbol) === true
  const opens = claim(`${label}: opens with ${symbol} (${openingWords(cipher)})`, files, line, {
    gives: [name],
    needs,
  })
  if (term.is !== 'seal') {
    const shut = claim(`${label}: does not open with ${symbol} (${openingWords(cipher)})`, files, not(line), {
      needs,
    })
    return { items: [isRefused ? shut : opens], isOpen: !isRefused }
  }
  const transcript = transcriptBefore(view, term.transcript)
  if (transcript === undefined || to === undefined)
    return { items: [skip(`${label}: its tag fits`, 'for want of the frames before it')], isOpen: false }
  const fits = tagFits({
    ...ciphertext,
    additional: together(`cat ${worked(transcript)}`, slice(word(message.file), 0, HEADER_BYTES)),
    additionalLength: TRANSCRIPT_BYTES + HEADER_BYTES,
    tag: slice(place.file, to, to + after),
  })
  const covered = `${symbol}, the transcript, its header and its bytes (AES-256-GCM’s tag, by GMAC)`
  const tag = isRefused
    ? claim(`${label}: its tag does not fit ${covered}`, files, not(fits), { needs: [...needs, transcript] })
    : claim(`${label}: its tag fits ${covered}`, files, fits, { needs: [...needs, transcript] })
  return { items: isRefused ? [tag] : [tag, opens], isOpen: !isRefused }
}

/** SHA-256. */
const TRANSCRIPT_BYTES = 32

/** The nonce or initialisation vector: what stands before the ciphertext, or a number that stands in the body. */
function ivOf(
  term: AsymTerm | SymTerm | SealTerm,
  place: Place,
  { raws }: Body,
  { message }: Subject,
): string {
  const number = term.is === 'seal' ? raws.find(({ member }) => member.name === term.nonce) : undefined
  if (!number) return slice(place.file, place.start, place.start + sizes(term.cipher.before))
  const { start, end } = number
  return together(...zeros(NONCE_BYTES - (end - start)), slice(word(message.file), start, end))
}
