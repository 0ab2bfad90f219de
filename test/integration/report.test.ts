/** Reports of runs over real sockets: everything is in them, no secret is unless it was asked for, and nobody waits while they are made. */
import { beforeAll, describe, expect, it } from 'vitest'
import { AttackKeys } from '#main/adversary/attack-keys'
import { runAttackWhole } from '#main/adversary/run-attack'
import { readRun } from '#main/recording/read-run'
import { writeRun } from '#main/recording/write-run'
import { attackById } from '#shared/adversary/attacks'
import { plainWords } from '#shared/adversary/run'
import { fromUtf8, toBase64, toHex } from '#shared/bytes'
import { writeCapture } from '#shared/capture/capture-writer'
import { CHECKS } from '#shared/hl1/check-table'
import { KEYS } from '#shared/hl1/keys'
import { STEPS, STEP_NUMBERS } from '#shared/hl1/steps'
import { SUITES, SUITE_NAMES } from '#shared/hl1/suites'
import type { Hl1Entry } from '#shared/hl1/types'
import { writeReport } from '#shared/report/report'
import type { ReportSource, ReportWishes } from '#shared/report/source'
import type { Run } from '#shared/run/run'
import { makeRun } from '../support/kept-run'
import { faultsOf, secretsOfRun, textOf } from '../support/report'
import { SecretSearch } from '../support/secret-search'

/** Of the time that a long report takes, nobody else is kept waiting for more than this at a time. */
const SHARE = 0.15

const PLAIN: ReportWishes = { secrets: false, bytes: false, unfolded: false }

async function report(
  run: Run,
  wishes: Partial<ReportWishes> = {},
  more: Partial<ReportSource> = {},
  most?: number,
) {
  const source = { run, application: 'Handshake Lab 0.0.0', madeAt: run.savedAt, ...more }
  return fromUtf8(await writeReport(source, { ...PLAIN, ...wishes }, most))
}

describe.each(SUITE_NAMES)('a report of a session in %s', (suite) => {
  let run: Run
  let html: string
  let text: string
  beforeAll(async () => {
    run = await makeRun(suite, 'a session', 3)
    html = await report(run)
    text = textOf(html)
  })

  it('tells each step: its sentence, its members, its keys and where they came from', () => {
    for (const step of STEP_NUMBERS) {
      const { story, members, formula } = SUITES[suite].sheets[step]
      expect(text).toContain(`Step ${step}: ${STEPS[step].title}`)
      for (const said of [story, formula, ...members.flatMap(({ name, meaning }) => [name, meaning])])
        expect(text).toContain(said)
    }
    for (const { layers, members } of run.records) {
      for (const { algorithm, origin } of layers)
        for (const said of [algorithm, origin]) expect(text).toContain(said)
      for (const { secret, value } of members) if (!secret) expect(html).toContain(written(value))
    }
  })

  it('tells each check with its reason, and how a message ended', () => {
    for (const { checks } of run.records)
      for (const { id, reason, found = '', expected = '' } of checks)
        for (const said of [CHECKS[id].title, reason, found, expected]) expect(text).toContain(said)
    expect(text.match(/ accepted it\./g)?.length).toBeGreaterThanOrEqual(8)
    expect(text).toContain('Nothing was refused, changed on the way or sent again.')
  })

  it('has settings, keys, certificates by fingerprint, the session and what was asked', () => {
    const { server, anchors } = run
    for (const { fingerprint } of run.authority.names) expect(text).toContain(fingerprint)
    expect(text).toContain(`Serial number ${server.certificate?.serial.match(/../g)?.join(':')}`)
    expect(text).toContain(anchors[0]?.value.subject.text)
    expect(text).toContain('Message age limit 10 seconds')
    for (const { layers } of run.records) for (const { key } of layers) expect(text).toContain(KEYS[key].name)
    expect(text).toContain('Sessions of the server')
    expect(text).toContain('echo xxx')
  })

  it('is one page that loads nothing and runs nothing, with links that lead somewhere', async () => {
    expect(faultsOf(html)).toEqual([])
    expect(html).toMatch(/^<!doctype html>\n<html lang="en">/)
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? ''
    const style = /<style>([^<]*)<\/style>/.exec(html)?.[1] ?? ''
    const digest = toBase64(
      new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(style))),
    )
    expect(policy).toBe(
      `default-src &#39;none&#39;; style-src &#39;sha256-${digest}&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;`,
    )
    expect(faultsOf(await report(run, { bytes: true, secrets: true, unfolded: true }))).toEqual([])
  })

  it('has no secret in any form, with every byte too; and has each where they were asked for', async () => {
    const secrets = secretsOfRun(run)
    expect(secrets.length).toBeGreaterThan(10)
    const search = new SecretSearch(secrets)
    expect(search.find(html)).toEqual([])
    expect(search.find(await report(run, { bytes: true, unfolded: true }))).toEqual([])
    const told = await report(run, { secrets: true })
    for (const { members } of run.records)
      for (const { secret, value } of members)
        if (secret && value !== undefined) expect(told).toContain(written(value))
    for (const { keys } of run.secrets?.connections ?? [])
      for (const key of Object.values(keys)) expect(told).toContain(toHex(key))
    for (const pem of Object.values(run.secrets?.privateKeys ?? {})) expect(told).toContain(pem.trimEnd())
  })

  it('has every byte of every frame in an appendix on wish', async () => {
    const appendix = textOf(await report(run, { bytes: true }))
    for (const { frame } of run.records)
      for (let at = 0; at < frame.length; at += 16)
        expect(appendix).toContain(toHex(frame.subarray(at, at + 16), ' '))
  })

  it('of a run that was opened says what came of making its checks again', async () => {
    const opened = { ...(await readRun(await writeRun(run, { secrets: 'left_out' }))), name: '<kept>.hlrun' }
    const again = textOf(await report(opened.run, {}, { opened }))
    expect(again).toContain('the run <kept>.hlrun, saved ')
    expect(again).toMatch(/[1-9]\d* checks came out as recorded, 0 checks otherwise/)
    expect(again).toContain('Not made again, for want of')
    expect(textOf(await report(opened.run, {}, { opened: { ...opened, isIntact: false } }))).toContain(
      'The file was changed since it was saved.',
    )
  })
})

it('says what was refused, by which check, and what would have come of going on', async () => {
  const run = await makeRun('modern', 'a flipped bit', 1)
  const html = await report(run)
  const text = textOf(html)
  const refused = run.records.find(({ kind, outcome }) => kind === 'message' && !outcome.ok)
  const failed = refused?.checks.find(({ result }) => result === 'failed')
  expect(failed).toBeDefined()
  if (!failed || !refused || refused.outcome.ok) return
  const part = text.slice(0, text.lastIndexOf('Messages at a glance'))
  for (const said of [
    'It is not what was sent. Changed byte ',
    refused.outcome.code,
    CHECKS[failed.id].title,
    failed.reason,
    CHECKS[failed.id].ifIgnored,
  ])
    expect(part).toContain(said)
  expect(text).toContain(`Alert about step ${refused.step}: ${refused.outcome.code}`)
  expect(text).toContain('It arrived otherwise than it was sent.')
  expect(faultsOf(html)).toEqual([])
})

it('of an attack tells it as it was told then: what it wants, what it came to, and what was done to which frame', async () => {
  const attack = attackById('ask-again')!
  const { signal } = new AbortController()
  const keys = await AttackKeys.make()
  const { run: live, kept } = await runAttackWhole(attack, { suite: 'classic', without: [], keys, signal })
  const html = await report(kept!)
  const text = textOf(html)
  for (const said of ['A run of the attack “', `It wants: ${attack.wants}`, ...live.story.map(plainWords)])
    expect(text).toContain(said)
  expect(text).toContain('Sent by the adversary.')
  expect(faultsOf(html)).toEqual([])
})

it('says that a frame came once more, and how a session ended', async () => {
  const replayed = textOf(await report(await makeRun('modern', 'a replayed request')))
  expect(replayed).toMatch(
    /It is the frame of message \d+ once more: somebody has sent it again\. The Application Server refused it/,
  )
  const ended = textOf(await report(await makeRun('classic', 'an ended session')))
  expect(ended).toContain('the server ended it')
  expect(ended).toContain('Alert about step 7: session_expired')
  const forgotten = textOf(await report(await makeRun('classic', 'keys forgotten'), { secrets: true }))
  expect(forgotten).toContain('a secret; forgotten by who had it')
})

it('tells a capture as what it is: frames, without checks, settings or secrets', async () => {
  const run = await makeRun('classic', 'a session')
  const opened = {
    ...(await readRun(await writeCapture(run.records, { application: 'test' }))),
    name: 'a.pcapng',
  }
  const html = await report(opened.run, { bytes: true }, { opened })
  expect(faultsOf(html)).toEqual([])
  const text = textOf(html)
  expect(text).toContain('the capture a.pcapng: what crossed the wire')
  expect(text).toContain('Step 5: Temporary key for the server')
  expect(text).toContain('No check is recorded.')
  expect(text).not.toContain('Session lifetime')
  expect(new SecretSearch(secretsOfRun(run)).find(html)).toEqual([])
})

it('has text of others as text, whatever it says', async () => {
  const hostile = '"><script src=x onerror=1>&\u202e\u0000</td></table>'
  const run = await makeRun('classic', 'a session')
  const records = run.records.map((entry): Hl1Entry => ({
    ...entry,
    members: entry.members.map((member) => ({
      ...member,
      name: member.name + hostile,
      symbol: hostile,
      value: hostile,
    })),
    checks: entry.checks.map((check) => ({ ...check, reason: hostile, found: hostile, expected: hostile })),
    outcome: { ok: false, code: 'malformed', message: hostile },
    ranges: [{ name: hostile, start: 0, end: 1, note: hostile, key: hostile }],
    connection: { ...entry.connection, suite: hostile, from: { address: hostile, port: 1 } },
  }))
  const html = await report({ ...run, app: hostile, records, savedAt: Number.MAX_VALUE }, { bytes: true })
  expect(faultsOf(html)).toEqual([])
  expect(html).not.toContain('\u202e')
  expect(html).toContain('\\u{202e}\\u{0}')
})

describe('a run of 2,000 records', () => {
  let run: Run
  beforeAll(async () => {
    run = longRun(await makeRun('classic', 'a session'), 2_000)
  })

  it('is told in turns: nobody waits for more than a small part of it, and all of its messages are there', async () => {
    const shares: number[] = []
    let html = ''
    // On a busy machine another program may hold this one up: not three times in a row.
    for (let tries = 0; tries < 3 && !shares.some((share) => share < SHARE); tries++) {
      const [watch, began] = [watchStalls(), performance.now()]
      html = await report(run)
      shares.push(watch() / (performance.now() - began))
    }
    expect(Math.min(...shares)).toBeLessThan(SHARE)
    expect(html.match(/<h4 id="m\d+">/g)).toHaveLength(1_000)
    expect(html).not.toContain('would grow too long')
  })

  it('finds an end where it may not be longer, and says so', async () => {
    const html = await report(run, { bytes: true }, {}, 200_000)
    expect(html.length).toBeLessThan(1_000_000)
    expect(textOf(html)).toMatch(/\d+ messages more are left out here: the report would grow too long/)
    expect(textOf(html)).toContain('bytes are left out')
    const longer = await report(
      { ...run, records: [...run.records, ...longRun(run, 10).records] },
      {},
      {},
      1_000,
    )
    expect(textOf(longer)).toContain('The run has 10 records more')
  })
})

/** A run with so many records: its last request and answer over and over. */
function longRun(run: Run, count: number): Run {
  const first = run.records.filter(({ step }) => step < 7)
  const asked = run.records.filter(({ step }) => step >= 7)
  const records = Array.from({ length: count }, (_, index): Hl1Entry => {
    const entry = (first[index] ?? asked[(index - first.length) % asked.length])!
    if (index < first.length + asked.length) return entry
    const frame = entry.frame.slice()
    // Another ciphertext each, the same at both ends.
    new DataView(frame.buffer).setUint32(frame.length - 4, Math.floor((index - first.length) / asked.length))
    return { ...entry, id: `${entry.role}-again-${index}`, frame }
  })
  return { ...run, records }
}

/** Watches how long the event loop is held up at the most, in milliseconds, until asked. */
function watchStalls(): () => number {
  let last = performance.now()
  let longest = 0
  let watching = true
  const look = (): void => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
    if (watching) setImmediate(look)
  }
  setImmediate(look)
  return () => {
    watching = false
    return longest
  }
}

/** A value as it stands in a report, or some of it. */
function written(value: unknown): string {
  if (value instanceof Uint8Array) return value.length <= 64 ? toHex(value, ' ') : toBase64(value)
  return String(value).trimEnd().split('\n')[1] ?? String(value)
}
