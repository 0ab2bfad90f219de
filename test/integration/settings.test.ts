/** Saving settings while roles run: listeners move, the authority becomes another, or nothing happens at all. */
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SettingsChanges } from '#main/lab/apply-settings'
import { SettingsStore } from '#main/settings/settings-store'
import type { Settings } from '#shared/settings'
import { rejection } from '../support/conversations'
import { asLoopback, closeLabs, makeLab, type Started } from '../support/lab'
import { approach, askServer } from '../support/loopback'
import { freePorts, occupy } from '../support/ports'

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handshake-lab-settings-'))
  path = join(folder, 'settings.json')
})
afterEach(async () => {
  await closeLabs()
  await rm(folder, { recursive: true, force: true })
})

/** A lab on ports of its own, registered, and what saves its settings. */
async function open() {
  const [authorityPort, serverPort, ...others] = await freePorts(4)
  const ports = { authorityPort: authorityPort!, serverPort: serverPort! }
  const made: Started = makeLab(ports)
  const { store } = await SettingsStore.open(path, {}, (changed) => (made.settings.current = changed))
  await store.change(ports)
  await Promise.all([made.lab.startAuthority(), made.lab.startServer()])
  await made.lab.register()
  const changes = new SettingsChanges(made.lab, store)
  const person = { mayRename: true }
  const save = (changed: Partial<Settings>) => changes.apply(changed, async () => person.mayRename)
  const portsNow = () => [made.lab.authority.address?.port, made.lab.server.address?.port]
  return {
    ...made,
    save,
    person,
    ports,
    others,
    portsNow,
    stored: async () => JSON.parse(await readFile(path, 'utf8')) as Settings,
  }
}

describe('a port that is changed', () => {
  it('moves its listener, which keeps its key, and ends its sessions', async () => {
    const { lab, save, others, portsNow, stored, ...made } = await open()
    const { peer } = await approach(asLoopback({ lab, ...made } as unknown as Started), 7)
    const key = lab.privateKey('SK_S').pem
    const anchor = lab.authority.certificate
    const [authorityPort, serverPort] = others
    expect(await save({ authorityPort: authorityPort!, serverPort: serverPort! })).toMatchObject({
      settings: { authorityPort, serverPort },
    })
    await peer.end()
    peer.close()
    expect(portsNow()).toEqual([authorityPort, serverPort])
    expect([lab.authority.status, lab.server.status]).toEqual(['running', 'running'])
    expect(lab.authority.certificate).toBe(anchor)
    expect(lab.privateKey('SK_S').pem).toBe(key)
    expect(lab.registration).toBe('registered')
    expect(lab.server.sessions.views()[0]?.end?.how).toBe('ended_here')
    expect(await stored()).toMatchObject({ authorityPort, serverPort })
    expect(await askServer(asLoopback({ lab, ...made } as unknown as Started), ['echo moved'])).toEqual([
      'moved',
    ])
    await lab.register()
  })

  it('may be the other role’s: the two change places', async () => {
    const { save, ports, portsNow } = await open()
    await save({ authorityPort: ports.serverPort, serverPort: ports.authorityPort })
    expect(portsNow()).toEqual([ports.serverPort, ports.authorityPort])
  })

  it('that another program has is refused: nothing is kept, and both listen where they did', async () => {
    const { save, ports, others, portsNow, stored } = await open()
    const taken = await occupy()
    const refused = await rejection(save({ authorityPort: others[0]!, serverPort: taken.port, lifetime: 7 }))
    expect(refused).toMatchObject({
      code: 'port_in_use',
      message: expect.stringContaining(String(taken.port)) as string,
    })
    expect(portsNow()).toEqual([ports.authorityPort, ports.serverPort])
    expect(await stored()).toMatchObject({ ...ports, lifetime: 60 })
    await taken.stop()
  })

  it('is taken back where the settings can’t be written', async () => {
    const { save, ports, others, portsNow } = await open()
    await rm(path)
    await mkdir(join(path, 'in the way'), { recursive: true })
    await rejection(save({ serverPort: others[0]! }))
    expect(portsNow()).toEqual([ports.authorityPort, ports.serverPort])
  })

  it('of a role that does not run waits for its start', async () => {
    const { lab, save, others, portsNow } = await open()
    await lab.stopServer()
    await save({ serverPort: others[0]! })
    expect(portsNow()[1]).toBeUndefined()
    await lab.startServer()
    expect(portsNow()[1]).toBe(others[0])
  })
})

describe('a name that is changed', () => {
  it('makes the authority another one, and the registration outdated with the reason', async () => {
    const { lab, save, anchors } = await open()
    await save({ authorityIdentity: 'ID-Root' })
    expect(lab.authority.credentials?.identity).toBe('ID-Root')
    expect(anchors.map(({ subject }) => subject.commonName)).toEqual(['ID-CA', 'ID-Root'])
    expect([lab.registration, lab.outdated]).toEqual([
      'outdated',
      'The certificate is from an earlier authority.',
    ])
    await lab.register()
    expect(lab.registration).toBe('registered')
  })

  it('is kept nowhere where the person keeps the authority that there is', async () => {
    const { lab, save, person, stored, settings } = await open()
    const { certificate } = lab.authority
    person.mayRename = false
    await expect(save({ authorityIdentity: 'ID-Root', lifetime: 10 })).rejects.toMatchObject({
      code: 'not_asked_for',
    })
    expect([lab.authority.certificate, settings.current.authorityIdentity]).toEqual([certificate, 'ID-CA'])
    expect(await stored()).not.toMatchObject({ authorityIdentity: 'ID-Root' })
    // What renames nobody is not asked about.
    await save({ lifetime: 10 })
  })

  it('of the server makes the registration outdated with the reason, until it is changed back', async () => {
    const { lab, save } = await open()
    await save({ serverIdentity: 'ID-Web' })
    expect([lab.registration, lab.registered]).toEqual(['outdated', 0])
    expect(lab.outdated).toBe('The certificate is for ID-Server, and the server’s name is ID-Web now.')
    await save({ serverIdentity: 'ID-Server' })
    expect([lab.registration, lab.outdated]).toEqual(['registered', undefined])
  })
})

describe('a suite that is changed', () => {
  it('leaves a registration in classic good, as the server serves modern too; a walk has steps of one suite', async () => {
    const { lab, save } = await open()
    expect(lab.registered).toBe(2)
    await save({ suite: 'modern' })
    expect([lab.registration, lab.outdated, lab.registered]).toEqual(['registered', undefined, 0])
    await save({ suite: 'classic' })
    expect(lab.registered).toBe(2)
  })

  it('makes one in modern outdated with the reason, and registering again makes it good', async () => {
    const { lab, save } = await open()
    await save({ suite: 'modern' })
    await lab.register()
    expect([lab.registration, lab.registered]).toEqual(['registered', 2])
    await save({ suite: 'classic' })
    expect([lab.registration, lab.registered]).toEqual(['outdated', 0])
    expect(lab.outdated).toBe(
      'The registration was made in suite modern, which brings no Cert_S, and the suite is classic now.',
    )
    await lab.register()
    expect(lab.registration).toBe('registered')
  })
})

describe('two windows that save at the same time', () => {
  it('are served one after the other', async () => {
    const { save, others, portsNow, stored } = await open()
    await Promise.all([
      save({ serverPort: others[0]! }),
      save({ serverPort: others[1]! }),
      save({ lifetime: 7 }),
    ])
    expect(portsNow()[1]).toBe(others[1])
    expect(await stored()).toMatchObject({ serverPort: others[1], lifetime: 7 })
  })
})
