/**
 * Reads JSON (RFC 8259) without making anything of it: whether it is JSON, and where the members of an object stand. A peer
 * chooses what is in a message, so this takes one look at each byte, whatever they say, keeps a byte for each level, and
 * stops where it is told to, so that others have their turn.
 */

/** A member of the outermost object, in bytes: `start` at its name's quote, `end` behind its value. */
export interface ScannedMember {
  readonly start: number
  readonly nameEnd: number
  /** Its name is written with an escape. */
  readonly isEscaped: boolean
  readonly valueStart: number
  readonly end: number
}

/** What may come next. */
type Expected = 'value' | 'value_or_end' | 'name' | 'name_or_end' | 'colon' | 'comma_or_end' | 'nothing'

const [SPACE, TAB, LINE_FEED, RETURN] = [0x20, 0x09, 0x0a, 0x0d] as const
const [QUOTE, BACKSLASH, COMMA, COLON, LETTER_U] = [0x22, 0x5c, 0x2c, 0x3a, 0x75] as const
const [MINUS, PLUS, POINT, ZERO, NINE] = [0x2d, 0x2b, 0x2e, 0x30, 0x39] as const
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d] as const
/** A letter's bit that tells its cases apart. */
const SMALL = 0x20
const LETTER_E = 0x65
const ESCAPES = new Set([...'"\\/bfnrt'].map((letter) => letter.charCodeAt(0)))
const LITERALS = ['true', 'false', 'null'].map((word) => new TextEncoder().encode(word))

/** Levels that there is room for from the start. */
const USUAL_DEPTH = 16

/** One reading of one text, whose bytes are UTF-8. */
export class JsonScan {
  #at = 0
  #expected: Expected = 'value'
  /** What closes each level that is open. */
  #closers = new Uint8Array(USUAL_DEPTH)
  #depth = 0
  #isObject = false
  #isInString = false
  #hasEscape = false
  #start = 0
  #nameEnd = 0
  #isEscaped = false
  #valueStart = 0
  #end = 0

  /** @param onMember learns of each member as it ends, in their order, those with one name too */
  constructor(
    private readonly bytes: Uint8Array,
    private readonly onMember: (member: ScannedMember) => void,
  ) {}

  /** Whether the text is an object; to be asked once all of it was read. */
  get isObject(): boolean {
    return this.#isObject
  }

  /**
   * Reads on, for about that many bytes: only a number is read to its end in any case.
   * @returns whether all of it was read
   * @throws SyntaxError when it is no JSON; the message quotes nothing
   */
  advance(count: number): boolean {
    const { bytes } = this
    const stop = Math.min(bytes.length, this.#at + count)
    while (this.#at < stop) {
      if (this.#isInString) {
        this.#string(stop)
        continue
      }
      const byte = bytes[this.#at]
      if (byte === SPACE || byte === LINE_FEED || byte === RETURN || byte === TAB) this.#at++
      else this.#token(byte ?? 0)
    }
    if (this.#at < bytes.length) return false
    if (this.#expected !== 'nothing' || this.#isInString) throw noJson()
    return true
  }

  #token(byte: number): void {
    switch (this.#expected) {
      case 'value_or_end':
        return byte === CLOSE_LIST ? this.#close(byte) : this.#value(byte)
      case 'value':
        return this.#value(byte)
      case 'name_or_end':
        return byte === CLOSE_OBJECT ? this.#close(byte) : this.#name(byte)
      case 'name':
        return this.#name(byte)
      case 'colon':
        if (byte !== COLON) throw noJson()
        this.#at++
        this.#expected = 'value'
        return
      case 'comma_or_end':
        return byte === COMMA ? this.#comma() : this.#close(byte)
      case 'nothing':
        throw noJson()
    }
  }

  #value(byte: number): void {
    if (this.#depth === 1) this.#valueStart = this.#at
    if (byte === OPEN_OBJECT || byte === OPEN_LIST) return this.#open(byte)
    if (byte === QUOTE) return this.#openString()
    if (byte === MINUS || isDigit(byte)) this.#number()
    else this.#literal()
    this.#ended()
  }

  #open(byte: number): void {
    if (this.#depth === 0) this.#isObject = byte === OPEN_OBJECT
    if (this.#depth === this.#closers.length) this.#closers = withRoom(this.#closers)
    // The closing bracket of ASCII is two behind its opening one.
    this.#closers[this.#depth++] = byte + 2
    this.#expected = byte === OPEN_OBJECT ? 'name_or_end' : 'value_or_end'
    this.#at++
  }

  #close(byte: number): void {
    if (byte !== this.#closers[this.#depth - 1]) throw noJson()
    if (this.#depth === 1 && this.#expected === 'comma_or_end') this.#tell()
    this.#depth--
    this.#at++
    this.#ended()
  }

  #comma(): void {
    if (this.#depth === 1) this.#tell()
    this.#at++
    this.#expected = this.#closers[this.#depth - 1] === CLOSE_OBJECT ? 'name' : 'value'
  }

  #name(byte: number): void {
    if (byte !== QUOTE) throw noJson()
    if (this.#depth === 1) this.#start = this.#at
    this.#openString()
  }

  #openString(): void {
    this.#at++
    this.#isInString = true
    this.#hasEscape = false
  }

  /** A value has ended. */
  #ended(): void {
    this.#end = this.#at
    this.#expected = this.#depth === 0 ? 'nothing' : 'comma_or_end'
  }

  #tell(): void {
    if (!this.#isObject) return
    this.onMember({
      start: this.#start,
      nameEnd: this.#nameEnd,
      isEscaped: this.#isEscaped,
      valueStart: this.#valueStart,
      end: this.#end,
    })
  }

  /** Reads on in a string, until its end or until about `stop`. */
  #string(stop: number): void {
    const { bytes } = this
    let at = this.#at
    while (at < stop) {
      const byte = bytes[at++] ?? 0
      if (byte === QUOTE) {
        this.#at = at
        return this.#closeString()
      }
      // Control characters may not stand for themselves.
      if (byte < SPACE) throw noJson()
      if (byte !== BACKSLASH) continue
      this.#hasEscape = true
      const letter = bytes[at++] ?? 0
      if (letter !== LETTER_U) {
        if (!ESCAPES.has(letter)) throw noJson()
        continue
      }
      for (const end = at + 4; at < end; at++) if (!isHexDigit(bytes[at] ?? 0)) throw noJson()
    }
    this.#at = at
  }

  #closeString(): void {
    this.#isInString = false
    if (this.#expected !== 'name' && this.#expected !== 'name_or_end') return this.#ended()
    if (this.#depth === 1) {
      this.#nameEnd = this.#at
      this.#isEscaped = this.#hasEscape
    }
    this.#expected = 'colon'
  }

  #number(): void {
    if (this.#is(MINUS)) this.#at++
    if (this.#is(ZERO)) this.#at++
    else this.#digits()
    if (this.#is(POINT)) {
      this.#at++
      this.#digits()
    }
    if (((this.bytes[this.#at] ?? 0) | SMALL) !== LETTER_E) return
    this.#at++
    if (this.#is(MINUS) || this.#is(PLUS)) this.#at++
    this.#digits()
  }

  #digits(): void {
    const start = this.#at
    while (isDigit(this.bytes[this.#at] ?? 0)) this.#at++
    if (this.#at === start) throw noJson()
  }

  #literal(): void {
    const { bytes } = this
    const word = LITERALS.find((letters) =>
      letters.every((letter, index) => letter === bytes[this.#at + index]),
    )
    if (!word) throw noJson()
    this.#at += word.length
  }

  #is(byte: number): boolean {
    return this.bytes[this.#at] === byte
  }
}

/** The same with room for as many levels again. */
function withRoom(closers: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const roomier = new Uint8Array(2 * closers.length)
  roomier.set(closers)
  return roomier
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE
}

function isHexDigit(byte: number): boolean {
  const letter = byte | SMALL
  return isDigit(byte) || (letter >= 0x61 && letter <= 0x66)
}

function noJson(): SyntaxError {
  return new SyntaxError('The plaintext is not JSON.')
}
