import { beforeEach, describe, expect, it } from 'vitest'
import type { Artifact } from '#shared/inspect/artifact'
import {
  openInspector,
  resetInspector,
  useInspector,
  type Backing,
} from '../../../../renderer/common/inspect/inspector'

const bytes = (...values: number[]) => Uint8Array.of(...values)
const certificate = (id: string, byte = id.length): Artifact => ({
  kind: 'certificate',
  id,
  title: id,
  source: 'a test',
  der: bytes(0x30, byte),
})
const privateKey: Artifact = { kind: 'private-key', id: 'sk', title: 'SK', source: 'a test', pkcs8: bytes(1) }
const sessionKey: Artifact = {
  kind: 'symmetric-key',
  id: 'k',
  title: 'K_sess',
  source: 'a test',
  symbol: 'K_sess',
}
const inspector = useInspector()
const titles = () => inspector.groups.value.map((group) => [group.title, group.entries.map(({ id }) => id)])

beforeEach(resetInspector)

describe('the list', () => {
  it('has what was opened, what the lab has, and each file', () => {
    inspector.setLab([certificate('lab/ca', 1)])
    openInspector([certificate('a', 2), certificate('b', 3)], 'b')
    inspector.addFile({ title: 'x.pem', entries: [certificate('1', 4)], notes: [] })
    inspector.addFile({ title: 'y.pem', entries: [certificate('1', 5)], notes: ['A note.'] })
    expect(titles()).toEqual([
      ['Opened here', ['a', 'b']],
      ['In the lab', ['lab/ca']],
      ['x.pem', [expect.stringMatching(/^file-\d+\/1$/)]],
      ['y.pem', [expect.stringMatching(/^file-\d+\/1$/)]],
    ])
    const ids = inspector.groups.value.flatMap(({ entries }) => entries.map(({ id }) => id))
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('has once what the lab has too, and shows it there', () => {
    inspector.setLab([certificate('lab/ca', 1), certificate('lab/server', 2)])
    openInspector([certificate('a', 2)])
    expect(titles()).toEqual([['In the lab', ['lab/ca', 'lab/server']]])
    expect(inspector.shown.value?.id).toBe('lab/server')
    expect(inspector.open.value).toBe(true)
  })

  it('keeps the object of what has not changed in the lab', () => {
    inspector.setLab([certificate('lab/ca', 1), certificate('lab/server', 2)])
    const [ca, server] = inspector.groups.value[0]!.entries
    inspector.setLab([certificate('lab/ca', 1), certificate('lab/server', 3)])
    expect(inspector.groups.value[0]!.entries[0]).toBe(ca)
    expect(inspector.groups.value[0]!.entries[1]).not.toBe(server)
  })

  it('shows the first entry when what was chosen is gone', () => {
    inspector.setLab([certificate('lab/ca', 1)])
    inspector.addFile({ title: 'x.pem', entries: [certificate('1', 4)], notes: [] })
    expect(inspector.shown.value?.id).toMatch(/^file-/)
    inspector.removeFile(inspector.groups.value[1]!.id)
    expect(inspector.shown.value?.id).toBe('lab/ca')
  })
})

describe('links', () => {
  it('lead on, and back to where one was', () => {
    openInspector([certificate('a', 1)])
    inspector.follow(certificate('b', 2))
    inspector.follow(certificate('c', 3), 'key')
    expect(inspector.trail.value.map(({ id }) => id)).toEqual(['a', 'b', 'c'])
    expect(inspector.tab.value).toBe('key')
    inspector.follow(certificate('b again', 2))
    expect(inspector.trail.value.map(({ id }) => id)).toEqual(['a', 'b'])
    inspector.goBackTo(0)
    expect(inspector.shown.value?.id).toBe('a')
  })

  it('end when another entry is chosen', () => {
    openInspector([certificate('a', 1), certificate('b', 2)])
    inspector.follow(certificate('c', 3))
    inspector.choose('b')
    expect(inspector.trail.value.map(({ id }) => id)).toEqual(['b'])
  })
})

describe('secrets', () => {
  it('are forgotten when the inspector closes, in the list, in the trail and in files', () => {
    const backing: Backing = { reveal: async () => bytes(9), suite: 'classic', connection: undefined }
    openInspector([{ ...sessionKey, key: bytes(7) }, certificate('a', 1)], 'k', new Map([['k', backing]]))
    inspector.addFile({ title: 'one.key', entries: [privateKey], notes: [] })
    inspector.addFile({ title: 'both.pem', entries: [certificate('1', 4), privateKey], notes: [] })
    inspector.follow(privateKey)
    inspector.open.value = false
    expect(titles()).toEqual([
      ['Opened here', ['a']],
      ['both.pem', [expect.stringMatching(/\/1$/)]],
    ])
    expect(inspector.trail.value.length).toBe(1)
    inspector.open.value = true
    openInspector([sessionKey])
    expect(inspector.backing.value).toBeUndefined()
  })

  it('that were never revealed need not be forgotten', () => {
    openInspector([sessionKey])
    inspector.open.value = false
    expect(titles()).toEqual([['Opened here', ['k']]])
  })
})
