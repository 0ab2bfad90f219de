/** What runs on hosted runners: nothing that somebody else can change later, with no more rights than it needs. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse, parseDocument, visit } from 'yaml'

const FOLDER = resolve(import.meta.dirname, '../../.github/workflows')

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
}
interface Job {
  readonly permissions?: unknown
  readonly uses?: string
  readonly steps?: readonly Step[]
}
interface Workflow {
  readonly on: Readonly<Record<string, unknown>>
  readonly permissions?: unknown
  readonly jobs: Readonly<Record<string, Job>>
}

/** Every reason why a workflow may do what nobody has looked at, or more than it needs. */
function faultsOf(text: string): readonly string[] {
  const { on, permissions, jobs } = parse(text) as Workflow
  const faults: string[] = []
  if (Object.keys(on).includes('pull_request_target')) faults.push('strangers’ code runs with rights')
  for (const [name, rights] of [
    ['the whole', permissions],
    ...Object.entries(jobs).map(([job, each]) => [job, each.permissions]),
  ] as const) {
    if (rights === undefined && name !== 'the whole') continue
    const isLeast = JSON.stringify(rights) === '{"contents":"read"}' || JSON.stringify(rights) === '{}'
    if (!isLeast) faults.push(`permissions of ${String(name)}`)
  }
  for (const { uses, steps = [] } of Object.values(jobs)) {
    for (const step of [{ uses }, ...steps] as readonly Step[]) {
      if (step.uses !== undefined && !/@[0-9a-f]{40}$/.test(step.uses))
        faults.push(`${step.uses} by a name that can move`)
      if (step.uses?.startsWith('actions/checkout@') === true && step.with?.['persist-credentials'] !== false)
        faults.push('checkout keeps its token')
      // What a stranger may choose has no place in a command.
      if (step.run !== undefined && /\$\{\{\s*github\.(?:event|head_ref)/.test(step.run))
        faults.push('a command with a stranger’s text')
    }
  }
  return faults
}

const files = readdirSync(FOLDER).map((name) => ({ name, text: readFileSync(join(FOLDER, name), 'utf8') }))

describe.each(files)('$name', ({ text }) => {
  it('uses actions by their commits, with the least rights', () => {
    expect(faultsOf(text)).toEqual([])
  })

  it('says beside each commit which version it is', () => {
    const comments: (string | null | undefined)[] = []
    visit(parseDocument(text), {
      Pair: (_, { key, value }) => {
        if (String(key) === 'uses') comments.push((value as { comment?: string | null }).comment)
      },
    })
    expect(comments.length).toBeGreaterThan(0)
    for (const comment of comments) expect(comment).toMatch(/^ v\d+\.\d+\.\d+$/)
  })

  const pinned = /actions\/checkout@[0-9a-f]{40} # v[\d.]+/
  it.each([
    ['an action by its tag', pinned, 'actions/checkout@v4', 'by a name that can move'],
    ['an action by a short commit', pinned, 'actions/checkout@11d5960', 'by a name that can move'],
    ['no permissions', /^permissions:\n {2}contents: read\n/m, '', 'permissions of the whole'],
    [
      'all permissions',
      /^permissions:\n {2}contents: read\n/m,
      'permissions: write-all\n',
      'permissions of the whole',
    ],
    [
      'a job with more',
      /^( {4})runs-on:/m,
      '$1permissions: { contents: write }\n$1runs-on:',
      'permissions of ',
    ],
    [
      'a token that stays',
      /persist-credentials: false/,
      'persist-credentials: true',
      'checkout keeps its token',
    ],
    [
      'a token that stays unsaid',
      / {8}with: \{ persist-credentials: false \}\n/,
      '',
      'checkout keeps its token',
    ],
    [
      'rights for strangers',
      / {2}pull_request:\n/,
      '  pull_request_target:\n',
      'strangers’ code runs with rights',
    ],
    [
      'a stranger’s text',
      /- run: npm test/,
      '- run: echo ${{ github.event.pull_request.title }}',
      'a command with a stranger’s text',
    ],
  ])('would not pass with %s', (_, found, instead, fault) => {
    const changed = text.replace(found, instead)
    expect(changed).not.toBe(text)
    expect(faultsOf(changed).join()).toContain(fault)
  })
})
