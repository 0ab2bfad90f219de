import { expect, it } from 'vitest'
import { DIRECTIONS, type ConnectionView, type Fate, type ReadBytes } from '#shared/adversary/live'
import { targetsOf } from '../../../renderer/adversary/moves/targets'
import { readValue, valueText } from '../../../renderer/adversary/values/value-text'
import { fateWords } from '#shared/adversary/fate-words'
import { ageText, ENDS, openedWords, partiesOf, receiverOf } from '../../../renderer/adversary/words'

it('the receiver of every direction is an end of its wire', () => {
  for (const direction of DIRECTIONS) {
    const { from, to } = partiesOf(direction)
    const wire = [from, to].includes('authority') ? 'authority' : 'server'
    const end = receiverOf({ wire, direction })
    expect(ENDS[wire][end], direction).toBe(to)
    expect(Object.values(ENDS[wire]), direction).toContain(from)
  }
})

it('a message is stale once it is older than its receiver takes it, and not before', () => {
  expect(ageText(30_000, 30)).toEqual({ text: 'stale in 0 s', isStale: false })
  expect(ageText(29_001, 30).text).toBe('stale in 1 s')
  expect(ageText(30_001, 30)).toEqual({ text: 'stale: 30 s, limit 30 s', isStale: true })
  expect(ageText(-5, 30).text).toBe('stale in 30 s')
})

it('what is said of opening a frame goes together with what its receiver says', () => {
  const fate = (code: string): Fate => ({
    is: 'refused',
    by: 'client',
    step: 4,
    code,
    message: '',
    check: undefined,
  })
  const bytes = new Uint8Array(1)
  const read: ReadBytes = {
    bytes,
    ranges: [],
    plaintexts: [{ bytes, ranges: [] }],
    members: [],
    layers: [{} as never],
    missing: [],
    unfit: [],
  }
  const member = {
    name: 'ts',
    symbol: 'ts',
    kind: 'integer',
    meaning: '',
    value: 1,
    canChange: false,
  } as never
  const ofNoise = openedWords(read, fate('decrypt_failed'))
  expect(ofNoise).toMatch(/noise.*could not be opened/)
  expect(ofNoise).not.toMatch(/can be opened/)
  expect(openedWords(read, fate('malformed'))).not.toMatch(/opened|noise/)
  expect(openedWords(read, { is: 'held' })).toMatch(/no member of this step\.$/)
  expect(openedWords({ ...read, plaintexts: [] }, { is: 'held' })).toMatch(/not read/)
  expect(openedWords({ ...read, layers: [], plaintexts: [] }, { is: 'held' })).toMatch(
    /in clear.*anybody on the wire can read it/,
  )
  expect(openedWords({ ...read, members: [member] }, fate('decrypt_failed'))).toMatch(
    /What the adversary has opens it/,
  )
  for (const silent of [
    openedWords({ ...read, members: [member] }, { is: 'held' }),
    openedWords({ ...read, missing: ['K_sess'] }, { is: 'held' }),
    openedWords({ ...read, unfit: ['K_sess'] }, fate('decrypt_failed')),
  ])
    expect(silent).toBeUndefined()
})

it('what nobody has noticed is told from what was accepted as it was sent', () => {
  const told = (unnoticed: boolean) => fateWords({ is: 'accepted', by: 'server', unnoticed })
  expect(told(false)).toMatchObject({ sign: 'passed', long: 'Accepted by the server.' })
  expect(told(true)).toMatchObject({ sign: 'warning', short: 'unnoticed' })
  const refused = fateWords({
    is: 'refused',
    by: 'client',
    step: 4,
    code: 'bad_certificate',
    message: '',
    check: { id: 'cert_s_signature', title: 'The title' },
  })
  expect(refused.long).toBe('Refused by the client as step 4, by the check “The title”.')
})

const connection = (number: number, kind: ConnectionView['kind'], isOpen = true): ConnectionView => ({
  number,
  kind,
  isOpen,
  wire: 'server',
  opener: { address: '127.0.0.1', port: 40_000 + number },
  suite: 'classic',
})

it('a frame goes again to its own receiver on its own connection first, and nowhere that is closed or its own end', () => {
  const connections = [
    connection(1, 'crossing'),
    connection(2, 'crossing', false),
    connection(3, 'own'),
    connection(4, 'posed'),
  ]
  const frame = { connection: 1, wire: 'server', direction: 'server_to_client' } as const
  const targets = targetsOf({ connections }, frame)
  expect(targets.map(({ target }) => target)).toEqual([
    { connection: 1, to: 'opener' },
    { connection: 1, to: 'acceptor' },
    { wire: 'server' },
    { wire: 'authority' },
    { connection: 4, to: 'opener' },
    { connection: 3, to: 'acceptor' },
  ])
  expect(targets[0]?.title).toBe('The same connection, to the client')
  expect(targetsOf({ connections: [] }, { ...frame, wire: 'authority' })[0]?.target).toEqual({
    wire: 'authority',
  })
  expect(new Set(targets.map(({ id }) => id)).size).toBe(targets.length)
})

it('what an opener takes goes along an open connection of its wire first; what a listener takes, on a new one', () => {
  const connections = [
    connection(1, 'crossing'),
    connection(2, 'posed'),
    connection(3, 'own'),
    { ...connection(4, 'crossing'), wire: 'authority' as const },
  ]
  const targets = (direction: 'server_to_client' | 'client_to_server') =>
    targetsOf({ connections }, { connection: 0, wire: 'server', direction }).map(({ target }) => target)
  expect(targets('server_to_client').slice(0, 3)).toEqual([
    { connection: 2, to: 'opener' },
    { connection: 1, to: 'opener' },
    { wire: 'server' },
  ])
  expect(targets('client_to_server')[0]).toEqual({ wire: 'server' })
  // The same ways, each once.
  const sorted = (all: readonly unknown[]) => all.map((each) => JSON.stringify(each)).toSorted()
  expect(sorted(targets('server_to_client'))).toEqual(sorted(targets('client_to_server')))
  expect(new Set(sorted(targets('server_to_client'))).size).toBe(8)
})

it('a value is read as what it was written from, and what is none of its kind says so', () => {
  expect(readValue('bytes', valueText(Uint8Array.of(1, 0xab)))).toEqual({ value: Uint8Array.of(1, 0xab) })
  expect(readValue('bytes', '01:ab 0')).toHaveProperty('problem')
  expect(readValue('timestamp', valueText(1_700_000_000_000))).toEqual({ value: 1_700_000_000_000 })
  for (const text of ['', ' ', '1.5', 'x', '1e99']) {
    expect(readValue('integer', text), text).toHaveProperty('problem')
  }
  expect(readValue('text', ' as it is ')).toEqual({ value: ' as it is ' })
})
