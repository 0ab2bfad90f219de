/** What is printed waits for nobody, and is not kept without end. */
import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { RunOutput, UNBOUNDED, type OutputBounds } from '#main/terminal/output'

const NEVER = new AbortController().signal
const leftOut = (count: number): string => `${count} left out\n`

/** Takes what is written when it is let to. */
class Reader extends Writable {
  readonly texts: string[] = []
  #go: (() => void) | undefined
  reads = true

  constructor() {
    super({ highWaterMark: 1 })
  }

  override _write(chunk: Buffer, _encoding: string, callback: () => void): void {
    this.texts.push(chunk.toString())
    if (this.reads) setImmediate(callback)
    else this.#go = callback
  }

  resume(): void {
    this.reads = true
    this.#go?.()
  }

  get lines(): readonly string[] {
    return this.texts.join('').split('\n').slice(0, -1)
  }
}

function outputTo(reader: Writable, bounds: OutputBounds = UNBOUNDED): RunOutput {
  return new RunOutput(reader, bounds, leftOut)
}

describe('blocks', () => {
  it('are put into words and written later, in their order, many at a time', async () => {
    const reader = new Reader()
    const output = outputTo(reader)
    let made = 0
    for (let index = 0; index < 1_000; index++) output.print(() => [`block ${made++}`])
    expect([made, reader.texts.length]).toEqual([0, 0])
    expect(await output.flush(NEVER, 10)).toBe(true)
    expect(reader.lines).toEqual(Array.from({ length: 1_000 }, (_, index) => `block ${index}`))
    expect(reader.texts.length).toBeLessThan(10)
  })

  it('are written without being asked for, soon', async () => {
    const reader = new Reader()
    outputTo(reader).print(['one'])
    await expect.poll(() => reader.lines).toEqual(['one'])
  })

  it('are all kept where nothing bounds them, however late they are read', async () => {
    const reader = new Reader()
    reader.reads = false
    const output = outputTo(reader)
    for (let index = 0; index < 5_000; index++) output.print(['x'.repeat(100)])
    const flushed = output.flush(NEVER, 10)
    setTimeout(() => reader.resume(), 50)
    expect(await flushed).toBe(true)
    expect(reader.lines).toHaveLength(5_000)
  })
})

it('what peers have sent stays in its line, and is made visible', async () => {
  const reader = new Reader()
  const output = outputTo(reader)
  output.print(['a\u001b[2J\nb', 'c'])
  output.json(() => ({ text: '\u202e\u009b' }))
  expect(await output.flush(NEVER, 10)).toBe(true)
  expect(reader.lines).toEqual(['a\\u{1b}[2J\\u{a}b', 'c', '{"text":"\\u202e\\u009b"}'])
})

describe('what nobody reads', () => {
  it.each([
    ['by their number', { blocks: 10, weight: 1e9 }],
    ['by their weight', { blocks: 1e9, weight: 1_000 }],
  ])('is left out past a bound %s, and counted where it is missing', async (_, bounds) => {
    const reader = new Reader()
    reader.reads = false
    const output = outputTo(reader, bounds)
    let made = 0
    const block = (): readonly string[] => {
      made++
      return ['a block']
    }
    for (let index = 0; index < 500; index++) output.print(block, 100)
    // What was taken is not made before its turn, and what was left out never.
    expect(made).toBe(0)
    reader.resume()
    await expect.poll(() => reader.lines.length).toBe(10)
    output.print(['later'])
    expect(await output.flush(NEVER, 10)).toBe(true)
    expect(reader.lines).toEqual([...Array<string>(10).fill('a block'), '490 left out', 'later'])
    expect(made).toBe(10)
  })

  it('is counted at the end too', async () => {
    const reader = new Reader()
    const output = outputTo(reader, { blocks: 1, weight: 1e9 })
    for (const text of ['a', 'b', 'c']) output.print([text])
    expect(await output.flush(NEVER, 10)).toBe(true)
    expect(reader.lines).toEqual(['a', '2 left out'])
  })

  it('keeps nobody from ending once the end was asked for', async () => {
    const reader = new Reader()
    reader.reads = false
    const output = outputTo(reader)
    output.print(['a'])
    const stop = new AbortController()
    const flushed = output.flush(stop.signal, 20)
    stop.abort()
    expect(await flushed).toBe(false)
  })

  it('is not waited for where the reader has gone', async () => {
    const reader = new Reader()
    reader.reads = false
    reader.on('error', () => undefined)
    const output = outputTo(reader)
    output.print(['a'])
    const flushed = output.flush(NEVER, 10)
    reader.destroy(new Error('EPIPE'))
    expect(await flushed).toBe(true)
  })
})
